import type { IChartApi, IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesPrimitive, SeriesAttachedParameter, Time,
  UTCTimestamp } from "lightweight-charts";
import { colour } from "../page/theme.js";
import type { GapRow } from "../pipeline/picture.js";

type Target = Parameters<IPrimitivePaneRenderer["draw"]>[0];

/** The opacity of a filled gap's band. */
const FILLED = 0.35;

/** Draws the gaps as bands behind the prices; filled gaps are fainter. */
export class GapBands implements ISeriesPrimitive<Time> {
  private chart: IChartApi | undefined;
  private requestUpdate: (() => void) | undefined;
  private gaps: readonly GapRow[] = [];
  private readonly view: IPrimitivePaneView = { zOrder: () => "bottom", renderer: () => ({ draw: (target) => this.draw(target) }) };

  attached({ chart, requestUpdate }: SeriesAttachedParameter<Time>): void {
    [this.chart, this.requestUpdate] = [chart as IChartApi, requestUpdate];
  }

  set(gaps: readonly GapRow[]): void {
    this.gaps = gaps;
    this.requestUpdate?.();
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this.view];
  }

  private draw(target: Target): void {
    const scale = this.chart?.timeScale();
    if (!scale) {
      return;
    }

    const place = (ms: number): number | null => {
      const index = scale.timeToIndex((ms / 1000) as UTCTimestamp, true);
      return index === null ? null : scale.logicalToCoordinate(index as unknown as Parameters<typeof scale.logicalToCoordinate>[0]);
    };
    target.useBitmapCoordinateSpace(({ context, bitmapSize, horizontalPixelRatio }) => {
      context.fillStyle = colour("gap");
      for (const gap of this.gaps) {
        const from = place(gap.from_ms);
        const to = place(gap.to_ms ?? Date.now());
        if (from !== null && to !== null) {
          context.globalAlpha = gap.state === "filled" ? FILLED : 1;
          context.fillRect(from * horizontalPixelRatio, 0, Math.max(3, to - from) * horizontalPixelRatio, bitmapSize.height);
        }
      }
    });
  }
}
