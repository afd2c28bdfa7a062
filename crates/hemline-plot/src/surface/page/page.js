"use strict";
(() => {
  const data = JSON.parse(document.getElementById("surface").textContent);
  const target = document.getElementById("plot");
  const narrow = matchMedia("(max-width: 40rem)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  // The height of the box, its width being 1, and what paths and the marks of their ends are lifted by, as
  // a share of it: what lies in a surface is half buried.
  const HEIGHT = 0.6, LIFT = 0.012, LIFT_OF_ENDS = 0.03;

  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const escape = text => text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
  const short = value => value === null ? "not finite" : String(Number(value.toPrecision(4)));
  const isLog = () => document.querySelector("[name=scale]:checked").value === "log";
  const isShown = run => document.getElementById(`run-${run}`).checked;
  const isGlass = () => document.getElementById("glass").checked;

  const fail = why => {
    target.classList.add("failed");
    target.innerHTML = "<p></p>";
    target.firstChild.textContent = why;
  };

  // Heights are laid out here and not by plotly's own logarithmic axis, so that colours, ticks and colour
  // bar agree, and are those of the still pictures.
  const scale = () => {
    const log = isLog();
    const chosen = log ? data.log : data.linear;
    const of = value => value === null || (log && value <= 0) ? null : log ? Math.log10(value) : value;
    return { of, range: chosen.range.map(of), at: chosen.ticks.map(([v]) => of(v)), text: chosen.ticks.map(([, t]) => t) };
  };

  const mesh = values => {
    const [low, high] = [values[0], values[values.length - 1]];
    return { show: true, start: low, end: high, size: (high - low) / 28, color: "#2f4858", width: 1, highlight: false };
  };

  const traces = () => {
    const { of, range, at, text } = scale();
    const height = data.z.map(row => row.map(of));
    const label = escape(data.height || "height");
    const [first, second] = ["x", "y"].map(name => escape(data.axes[name].label || name));
    // Texts of their own, since plotly takes the columns of other numbers for their rows.
    const about = data.z.map((row, j) => row.map((value, i) =>
      `${first}: ${short(data.x[i])}<br>${second}: ${short(data.y[j])}<br>${label}: <b>${short(value)}</b>`));
    const surface = {
      type: "surface", x: data.x, y: data.y, z: height, surfacecolor: height, text: about, hoverinfo: "text",
      colorscale: data.colors, cmin: range[0], cmax: range[1],
      opacity: isGlass() ? 0.55 : 1,
      contours: { x: mesh(data.x), y: mesh(data.y), z: { highlight: true, highlightcolor: "#ffffff", highlightwidth: 2 } },
      lighting: { ambient: 0.82, diffuse: 0.35, specular: 0.04, roughness: 0.9, fresnel: 0.02 },
      colorbar: {
        title: { text: label, side: narrow.matches ? "top" : "right" }, tickvals: at, ticktext: text,
        thickness: 13, outlinewidth: 0, ticks: "outside", ticklen: 4,
        ...(narrow.matches ? { orientation: "h", y: -0.02, yanchor: "top", len: 0.9 } : { len: 0.72, x: 1.0 }),
      },
    };
    const lift = LIFT * (range[1] - range[0]), raise = (LIFT_OF_ENDS - LIFT) * (range[1] - range[0]);
    const runs = data.paths.flatMap((path, run) => {
      const z = path.height.map(value => { const v = of(value); return v === null ? null : v + lift; });
      const about = path.time.map((time, i) => [
        `${escape(data.time || "time")}: <b>${short(time)}</b>`, `${label}: <b>${short(path.height[i])}</b>`,
        ...path.columns.map(({ name, values }) => `${escape(name)}: ${short(values[i])}`),
      ].join("<br>"));
      const common = {
        type: "scatter3d", name: escape(path.label), visible: isShown(run), showlegend: false,
        hovertemplate: `%{text}<extra>${escape(path.label)}</extra>`,
      };
      const ramp = { color: path.time, colorscale: path.colors, cmin: data.times[0], cmax: data.times[1] };
      const there = z.map((v, i) => v === null ? -1 : i).filter(i => i >= 0);
      const mark = (i, symbol, size) => ({
        ...common, mode: "markers", x: [path.x[i]], y: [path.y[i]], z: [z[i] + raise], text: [`<i>${symbol === "square" ? "start" : "end"}</i><br>${about[i]}`],
        marker: { symbol, size, color: path.color, line: { color: "#111111", width: 1.5 } },
      });
      return [
        { ...common, mode: "lines+markers", x: path.x, y: path.y, z, text: about, connectgaps: false,
          line: { width: 7, ...ramp }, marker: { size: 3.2, ...ramp, line: { width: 0 } } },
        ...(there.length ? [mark(there[0], "square", 7)] : []),
        ...(there.length > 1 ? [mark(there[there.length - 1], "diamond", 8)] : []),
      ];
    });
    return [surface, ...runs];
  };

  const layout = () => {
    const { range, at, text } = scale();
    const ink = style("--ink"), faint = style("--faint"), line = style("--line"), ground = style("--ground");
    const axis = (label, more) => ({
      title: { text: escape(label), font: { size: narrow.matches ? 11 : 13, color: ink } }, tickfont: { size: 11, color: faint },
      showbackground: true, backgroundcolor: ground, gridcolor: line, zerolinecolor: line, linecolor: faint,
      showspikes: false, ...more,
    });
    const room = (range[1] - range[0]) * 0.015;
    return {
      paper_bgcolor: "rgba(0,0,0,0)", margin: narrow.matches ? { l: 0, r: 0, t: 0, b: 60 } : { l: 0, r: 0, t: 0, b: 0 },
      font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: ink }, showlegend: false,
      modebar: { bgcolor: "rgba(0,0,0,0)", color: faint, activecolor: ink },
      hoverlabel: { align: "left", font: { size: 13 } }, uirevision: "kept",
      scene: {
        xaxis: axis(data.axes.x.label, data.axes.x.more), yaxis: axis(data.axes.y.label, data.axes.y.more),
        // On a narrow page the colour bar alone says what the height is.
        zaxis: axis(narrow.matches ? "" : data.height, { tickvals: at, ticktext: text, range: [range[0] - room, range[1] + 2 * room] }),
        aspectmode: "manual", aspectratio: { x: 1, y: 1, z: HEIGHT },
        camera: camera(), dragmode: "turntable",
      },
    };
  };

  const camera = () => {
    const [a, e] = data.view.map(degrees => degrees * Math.PI / 180);
    const far = narrow.matches ? 2.35 : 1.95;
    return {
      eye: { x: far * Math.cos(e) * Math.cos(a), y: far * Math.cos(e) * Math.sin(a), z: far * Math.sin(e) },
      center: { x: 0, y: 0, z: -0.13 },
    };
  };

  const config = {
    responsive: true, displaylogo: false, displayModeBar: !narrow.matches,
    modeBarButtons: [["toImage", "resetCameraDefault3d", "orbitRotation", "tableRotation"]],
    toImageButtonOptions: { format: "png", scale: 2, filename: "surface" },
  };

  const draw = () => Plotly.react(target, traces(), layout(), config);

  const probe = document.createElement("canvas");
  if (!(probe.getContext("webgl2") || probe.getContext("webgl"))) {
    return fail("This browser does not offer WebGL, which the picture in three dimensions needs.");
  }
  for (const input of document.querySelectorAll(".keys input")) input.addEventListener("change", draw);
  for (const query of [narrow, dark]) query.addEventListener("change", draw);
  draw().then(() => target.dataset.drawn = target.data.length, error => fail(`The picture could not be drawn: ${error.message}`));
})();
