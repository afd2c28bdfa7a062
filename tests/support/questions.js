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
  // What is said of the surface where the pointer is put on it, and whether that is so.
  const pointed = async plot => {
    const box = plot.getBoundingClientRect(), data = plot.data[0];
    let place = null;
    plot.on("plotly_hover", event => place = event.points[0]);
    for (const [right, down] of [[0.5, 0.5], [0.45, 0.4], [0.4, 0.45], [0.55, 0.45], [0.5, 0.6]]) {
      const at = { clientX: box.left + right * box.width, clientY: box.top + down * box.height, bubbles: true };
      for (const type of ["mouseover", "mousemove", "mousemove"]) {
        plot.querySelector("canvas").dispatchEvent(new MouseEvent(type, at));
      }
      plot._fullLayout.scene._scene.glplot.redraw();
      await new Promise(done => setTimeout(done, 50));
      const lines = [...plot.querySelectorAll(".hovertext tspan.line")].map(line => line.textContent);
      if (lines.length === 3 && place) {
        const value = Number(lines[2].slice(lines[2].lastIndexOf(":") + 1));
        const near = (values, wanted) => values.findIndex(v => Math.abs(v - wanted) <= 1e-6);
        const z = data.z[near(data.y, place.y)][near(data.x, place.x)];
        const logarithmic = document.querySelector("[name=scale]:checked").value === "log";
        return { lines, value, truth: logarithmic ? 10 ** z : z };
      }
    }
    return null;
  };
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
      const hover = await pointed(plot);
      for (const input of document.querySelectorAll(".keys input:not(:checked), .keys [type=checkbox]")) {
        input.click();
        await new Promise(done => setTimeout(done, 50));
        states.push({ pressed: input.id || input.value, ...state(plot) });
      }
      seen.push(colors(plot));
      const box = plot.getBoundingClientRect();
      answer.plots.push({ states, seen, hover, width: box.width, height: box.height });
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
