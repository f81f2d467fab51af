// A pen: strokes of a finger, a stylus or a mouse as a smooth line on a canvas, thinner where it is quick.
//
// Of its own, because the library for it would be a quarter of the whole form.

export function pen(canvas, { begun, ended }) {
  const paper = canvas.getContext("2d");
  let last = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale, t: event.timeStamp };
  };
  const clear = () => {
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, canvas.width, canvas.height);
  };
  const dot = ({ x, y }) => {
    paper.fillStyle = "#0b1f3a";
    paper.beginPath();
    paper.arc(x, y, 3.4, 0, 7);
    paper.fill();
  };
  const through = (point) => {
    // From the middle of the last piece to the middle of this one, bent at the point between them.
    const middle = { x: (last.x + point.x) / 2, y: (last.y + point.y) / 2 };
    const speed = Math.hypot(point.x - last.x, point.y - last.y) / Math.max(1, point.t - last.t);
    const width = last.width * 0.7 + Math.max(2.6, 7 - speed * 1.6) * 0.3;
    paper.strokeStyle = "#0b1f3a";
    paper.lineCap = paper.lineJoin = "round";
    paper.lineWidth = width;
    paper.beginPath();
    paper.moveTo(last.middle.x, last.middle.y);
    paper.quadraticCurveTo(last.x, last.y, middle.x, middle.y);
    paper.stroke();
    last = { ...point, middle, width };
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    try {
      canvas.setPointerCapture(event.pointerId);
    } catch { /* a pointer that is gone already */ }
    begun();
    const point = at(event);
    last = { ...point, middle: point, width: 6 };
    dot(point);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last) for (const one of event.getCoalescedEvents?.() || [event]) through(at(one));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (last) ended();
      last = null;
    });
  }
  clear();
  return { clear, paper };
}
