import { colour, onTheme } from "../page/theme.js";

const width = 96;
const height = 24;

let colours: { up: string; down: string; flat: string } | undefined;
onTheme(() => (colours = undefined));

/** Draws the latest prices as a line, coloured by its direction. */
export function drawSparkline(canvas: HTMLCanvasElement, points: readonly number[]): void {
  const scale = Math.min(3, devicePixelRatio || 1);
  if (canvas.width !== width * scale) {
    [canvas.width, canvas.height] = [width * scale, height * scale];
  }

  const context = canvas.getContext("2d");
  if (!context) {
    return;
  }

  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  if (points.length < 2) {
    return;
  }

  colours ??= { up: colour("up"), down: colour("down"), flat: colour("muted") };
  let low = Infinity;
  let high = -Infinity;
  for (const point of points) {
    low = Math.min(low, point);
    high = Math.max(high, point);
  }

  const [first, last] = [points[0]!, points[points.length - 1]!];
  const room = high - low || 1;
  const step = (width - 4) / (points.length - 1);
  context.strokeStyle = last > first ? colours.up : last < first ? colours.down : colours.flat;
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.beginPath();
  points.forEach((point, index) => {
    const y = high === low ? height / 2 : 3 + (1 - (point - low) / room) * (height - 6);
    context.lineTo(2 + index * step, y);
  });
  context.stroke();
}
