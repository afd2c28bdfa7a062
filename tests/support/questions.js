addEventListener("load", () => requestAnimationFrame(async () => {
  const drawn = svg => {
    const box = svg.getBoundingClientRect();
    const marks = [...svg.querySelectorAll("path, polyline, polygon, rect, circle, line, image, text")];
    const visible = marks.filter(mark => {
      const size = mark.getBoundingClientRect();
      return size.width + size.height > 0;
    });
    return box.width > 100 && box.height > 100 && visible.length > 10;
  };
  // How many colours a picture in three dimensions has, to five bits a channel: a blank one has few. It is
  // read in the turn in which it is drawn, since the browser throws it away after that.
  const colors = plot => {
    const { glplot } = plot._fullLayout.scene._scene;
    glplot.redraw();
    const { gl } = glplot, [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
    const bytes = new Uint8Array(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    return new Set(new Uint32Array(bytes.buffer).map(pixel => pixel & 0xf8f8f8f8)).size;
  };
  const state = plot => ({
    shown: plot._fullData.map(trace => trace.visible),
    opacity: plot._fullData[0].opacity,
    top: Math.max(...plot._fullData[0].z.flat().filter(value => value !== null)),
    texts: plot._fullLayout.scene.zaxis.ticktext,
  });
  const answer = {};
  try {
    const charts = [...document.querySelectorAll("figure svg")];
    const plots = [...document.querySelectorAll(".js-plotly-plot")];
    answer.charts = charts.length;
    answer.blank = charts.filter(svg => !drawn(svg)).length;
    answer.heading = document.querySelector("h1").textContent;
    answer.plots = [];
    for (const plot of plots) {
      const states = [state(plot)];
      const seen = [colors(plot)];
      for (const input of document.querySelectorAll(".keys input:not(:checked), .keys [type=checkbox]")) {
        input.click();
        await new Promise(done => setTimeout(done, 50));
        states.push({ pressed: input.id || input.value, ...state(plot) });
      }
      seen.push(colors(plot));
      const box = plot.getBoundingClientRect();
      answer.plots.push({ states, seen, width: box.width, height: box.height });
    }
    answer.overflow = document.documentElement.scrollWidth - innerWidth;
    answer.fetched = performance.getEntriesByType("resource").map(entry => entry.name)
      .filter(name => !name.startsWith("data:") && !name.startsWith("blob:"));
  } catch (error) {
    answer.error = String(error);
  }
  const element = document.createElement("pre");
  element.id = "answer";
  element.textContent = JSON.stringify(answer);
  document.body.append(element);
}));
