using System.Globalization;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.Foundations;
using CloudTicks.Ticks.Status;
using Spectre.Console;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>The parts, in the order in which a tick passes through them.</summary>
internal static class PartsPanel
{
    private const string Loopback = "127.0.0.1:";
    private const int MinWideWidth = 110;
    private const int Gap = 2;
    private const int Borders = 4;
    private const int EndpointWidth = 30;

    private static readonly string[] Headings = ["part", "state", "endpoint", "ticks/s", "lag", "last problem"];
    private static readonly string[] Ranking =
        ["simulator", "collector", "eventhubs", "functions", "postgres", "timescale", "nats", "dashboard", "relay"];
    private static readonly TimeSpan RecentAge = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The counters that may show a part's rate, the preferred one first. A server shows the rate of the only function that writes to it.
    /// </summary>
    private static readonly Dictionary<string, string[]> CountersOf = new()
    {
        ["postgres"] = [FunctionRows.StoreTicks],
        ["timescale"] = [FunctionRows.StoreTicks],
        ["nats"] = [FunctionRows.PublishTicks],
        ["nats-1"] = ["nats-1", FunctionRows.PublishTicks],
    };

    public static Panel Of(ScreenModel model, int width)
    {
        var rows = model.Parts.OrderBy(part => Rank(part.Name)).ThenBy(part => part.Name, StringComparer.Ordinal)
            .SelectMany(part => RowsOf(part, model, width >= MinWideWidth)).ToList();
        var widths = Enumerable.Range(0, Headings.Length)
            .Select(column => rows.Select(row => row[column].Text.Length).Append(Headings[column].Length).Max()).ToList();
        widths[^1] = Math.Max(0, width - Borders - widths.SkipLast(1).Sum() - ((Headings.Length - 1) * Gap));
        var table = new Table().Border(TableBorder.None).Expand();
        for (var column = 0; column < Headings.Length; column++)
        {
            var isLast = column == Headings.Length - 1;
            var head = new TableColumn(new Text(Palette.Fit(Headings[column], widths[column]), Palette.Head)).NoWrap().Width(widths[column])
                .Padding(0, 0, isLast ? 0 : Gap, 0);
            table.AddColumn(Headings[column] is "ticks/s" or "lag" ? head.RightAligned() : head);
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select((cell, column) => new Text(Palette.Fit(cell.Text, widths[column]), cell.Style)));
        }

        return Palette.Framed(table, "parts");
    }

    private static IEnumerable<Cell[]> RowsOf(Part part, ScreenModel model, bool isWide)
    {
        var endpoint = isWide ? part.Endpoint : part.Endpoint.Replace(Loopback, ":", StringComparison.Ordinal);
        yield return
        [
            new(part.Name), StateOf(part.State), new(Palette.Fit(endpoint, EndpointWidth), Palette.Dim), RateOf(part.Name, model.Figures),
            new(""),
            ProblemOf(part.Name, model, isWide),
        ];
        if (part.Name == "functions")
        {
            yield return RowOf(FunctionRows.StoreTicks, "├ ", part, model.Figures);
            yield return RowOf(FunctionRows.PublishTicks, model.Figures.Lake is null ? "└ " : "├ ", part, model.Figures);
            if (model.Figures.Lake is { } lake)
            {
                yield return LakeRow(lake);
            }
        }
    }

    /// <summary>The lake is written once a minute, so its row shows the size of its content instead of a rate.</summary>
    private static Cell[] LakeRow(LakeStatus lake) =>
    [
        new("└ " + FunctionRows.LakeTicks), lake.Writes ? new("running", Palette.Good) : new("idle", Palette.Dim), new(""), new(""),
        new(lake.LagRecords is { } lag ? Palette.Number(lag) : ""),
        lake.Problem is { } problem ? new(Palette.Clean(problem), Palette.Bad) : new(string.Join(", ", LakeFigures(lake)), Palette.Dim),
    ];

    private static IEnumerable<string> LakeFigures(LakeStatus lake)
    {
        yield return $"{Palette.Number(lake.Rows)} ticks";
        yield return new ByteSize(lake.Bytes).ToString();
        if (lake.Newest is { } newest)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"newest hour {newest.UtcDateTime:MM-dd'T'HH}Z");
        }

        if (lake.BytesPerTick is { } bytes)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.0} B a tick")
                + (lake.SizeComparedToArchive is { } compared ? $", {compared}" : "");
        }
    }

    private static Cell[] RowOf(string function, string branch, Part functions, Figures figures)
    {
        var lag = figures.Lag.TryGetValue(function, out var backlog) ? backlog : default(Backlog?);
        var state = functions.State is not (PartState.Healthy or PartState.Unhealthy) ? new Cell("")
            : lag is { IsNotable: true } ? new("behind", Palette.Busy)
            : figures.TicksPerSecond.GetValueOrDefault(function) >= 1 ? new("running", Palette.Good)
            : new Cell("idle", Palette.Dim);
        return
        [
            new(branch + function), state, new(""), RateOf(function, figures),
            new(lag is null ? "" : Palette.Number(backlog.Records), backlog.IsNotable ? Palette.Busy : null), new(""),
        ];
    }

    private static Cell RateOf(string part, Figures figures)
    {
        var counted =
            CountersOf.GetValueOrDefault(part, [part + FigureBook.CollectorSuffix, part])
                .Where(figures.TicksPerSecond.ContainsKey).ToList();
        return new(counted.Count > 0 ? Palette.Number(figures.TicksPerSecond[counted[0]]) : "");
    }

    /// <summary>An old problem stays visible, dimmed.</summary>
    private static Cell ProblemOf(string part, ScreenModel model, bool isWide) => model.Problems.TryGetValue(part, out var problem)
        ? new(
            (isWide ? $"{problem.Time:HH:mm:ss} " : "") + Palette.Clean(problem.Message),
            model.Now - problem.Time > RecentAge ? Palette.Dim : problem.Level == LineLevel.Error ? Palette.Bad : Palette.Busy)
        : new("");

    private static int Rank(string name) =>
        Array.FindIndex(Ranking, known => name.StartsWith(known, StringComparison.Ordinal)) is >= 0 and var rank ? rank : Ranking.Length;

    private static Cell StateOf(PartState state) => state switch
    {
        PartState.Waiting => new("waiting", Palette.Dim),
        PartState.Starting => new("starting", Palette.Busy),
        PartState.Healthy => new("healthy", Palette.Good),
        PartState.Unhealthy => new("unhealthy", Palette.Bad),
        PartState.Restarting => new("restarting", Palette.Bad),
        PartState.Stopping => new("stopping", Palette.Busy),
        PartState.Stopped => new("stopped", Palette.Dim),
        _ => new("yours", Palette.Good),
    };

    private readonly record struct Cell(string Text, Style? Style = null);
}
