using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.EventStream;
using CloudTicks.Foundations;
using CloudTicks.Lake;
using CloudTicks.Ticks;
using Microsoft.Extensions.Hosting;
using static System.FormattableString;

namespace CloudTicks.Cli.Lakes;

/// <summary><c>cloudticks lake status</c>: shows size, days, newest hour, bytes per tick and lag of the lake.</summary>
internal static class LakeStatusCommand
{
    public static Command Create() => new Command(
        "status", "Show the lake's size, days, newest hour, bytes per tick, lag behind the archive, and damage.")
        .OnLake(isChange: false, RunAsync);

    private static async Task<int> RunAsync(LakeTarget target, ParseResult result, CancellationToken cancellationToken)
    {
        var inventory = await LakeInventory.ReadAsync(target.Folder, TimeProvider.System, cancellationToken);
        var (lag, problem) = await LagAsync(target, inventory, cancellationToken);
        var archiveBytes = ArchiveFolder.MeasureBytes(target.System.RunningAppHost?.Folder);
        if (target.IsJson)
        {
            target.Console.Json(Json(inventory, lag, problem, archiveBytes));
        }
        else
        {
            Write(target, inventory, lag, problem, archiveBytes);
        }

        return inventory.Problems.Count == 0 ? ExitCodes.Done : ExitCodes.Incomplete;
    }

    private static async Task<(long? Lag, string? Problem)> LagAsync(
        LakeTarget target, LakeInventory inventory, CancellationToken cancellationToken)
    {
        try
        {
            return (await inventory.LagAsync(target.Archive(), cancellationToken), null);
        }
        catch (EventStreamException exception)
        {
            return (null, exception.Message);
        }
    }

    private static void Write(LakeTarget target, LakeInventory inventory, long? lag, string? problem, long? archiveBytes)
    {
        var console = target.Console;
        var total = Total.Of(inventory.Files);
        console.Heading($"The lake in {inventory.Location}");
        console.Line(Invariant($"{Counted.Of(total.Rows, "tick")} in {Counted.Of(total.Files, "file")}, {new ByteSize(total.Bytes)}")
            + (total.Rows > 0 ? Invariant($", {total.BytesPerTick:0.00} bytes a tick") : ""));
        if (total.Rows > 0)
        {
            var dates = inventory.Days.Select(day => day.Day.Date).Distinct().ToList();
            console.Line(Invariant($"{Counted.Of(dates.Count, "day")} from {dates.Min():yyyy-MM-dd} to {dates.Max():yyyy-MM-dd}; ")
                + Invariant($"the newest hour is {Time(total.NewestMs):yyyy-MM-ddTHH}, ")
                + Invariant($"its last tick at {Time(total.NewestMs):HH:mm:ss} UTC"));
        }

        if (archiveBytes is { } bytes && total.Bytes > 0)
        {
            console.Line(Invariant($"The archive uses {new ByteSize(bytes)}, {(double)bytes / total.Bytes:0.0} times as much."));
        }

        console.Line(lag switch
        {
            0 => "The lake has every record of the archive.",
            { } behind => $"The lake is {Counted.Of(behind, "record")} behind the archive.",
            null => $"The lag of the lake behind the archive is unknown: {problem}",
        });
        foreach (var series in Series(inventory))
        {
            console.Line(Invariant($"  {series.Name,-16} {Counted.Of(series.Total.Rows, "tick")} in ")
                + $"{Counted.Of(series.Total.Files, "file")}, "
                + Invariant($"{new ByteSize(series.Total.Bytes)}, {series.Total.BytesPerTick:0.00} bytes a tick"));
        }

        foreach (var damage in inventory.Problems)
        {
            console.Failure(damage);
        }

        if (inventory.Foreign.Count > 0)
        {
            console.Warning(
                $"The lake has {Counted.Of(inventory.Foreign.Count, "file")} that CloudTicks did not write, for example "
                    + $"{inventory.Foreign[0]}.");
        }
    }

    private static JsonObject Json(LakeInventory inventory, long? lag, string? problem, long? archiveBytes)
    {
        var total = Total.Of(inventory.Files);
        var dates = inventory.Days.Select(day => day.Day.Date).Distinct().Order().ToList();
        return new JsonObject
        {
            ["location"] = inventory.Location,
            ["rows"] = total.Rows,
            ["files"] = total.Files,
            ["bytes"] = total.Bytes,
            ["bytes_per_tick"] = total.Rows > 0 ? Math.Round(total.BytesPerTick, 3) : null,
            ["archive_bytes"] = archiveBytes,
            ["days"] = dates.Count,
            ["first_day"] = dates.Count > 0 ? dates[0].ToString("O", CultureInfo.InvariantCulture) : null,
            ["last_day"] = dates.Count > 0 ? dates[^1].ToString("O", CultureInfo.InvariantCulture) : null,
            ["newest_ms"] = total.Rows > 0 ? total.NewestMs : null,
            ["lag_records"] = lag,
            ["lag_problem"] = problem,
            ["series"] = new JsonArray([.. Series(inventory).Select(series => (JsonNode)new JsonObject
            {
                ["kind"] = series.Kind, ["market"] = series.Market, ["rows"] = series.Total.Rows, ["files"] = series.Total.Files,
                ["bytes"] = series.Total.Bytes,
            })]),
            ["problems"] = new JsonArray([.. inventory.Problems.Select(text => (JsonNode)text)]),
            ["foreign"] = new JsonArray([.. inventory.Foreign.Select(name => (JsonNode)name)]),
        };
    }

    private static IEnumerable<(string Name, string Kind, string Market, Total Total)> Series(LakeInventory inventory) => inventory.Days
        .GroupBy(day => (day.Day.Kind, day.Day.Market)).OrderBy(series => series.Key)
        .Select(series => ($"{series.Key.Kind.Name()} {series.Key.Market.Name()}", series.Key.Kind.Name(), series.Key.Market.Name(),
            Total.Of(series.SelectMany(day => day.Files))));

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private sealed record Total(long Rows, int Files, long Bytes, long NewestMs)
    {
        public double BytesPerTick => (double)Bytes / Rows;

        public static Total Of(IEnumerable<Lake.Manifests.LakeFile> files)
        {
            var all = files.ToList();
            return new Total(
                all.Sum(file => file.Rows), all.Count, all.Sum(file => file.Bytes), all.Count == 0 ? 0 : all.Max(file => file.LastMs));
        }
    }
}
