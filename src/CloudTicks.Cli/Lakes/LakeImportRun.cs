using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Sql;
using CloudTicks.Lake;
using CloudTicks.Lake.Importing;
using CloudTicks.Lake.Native;
using Microsoft.Extensions.Hosting;
using static System.FormattableString;

namespace CloudTicks.Cli.Lakes;

/// <summary>Runs an import with its progress, summary and exit code.</summary>
internal sealed class LakeImportRun(LakeTarget target, ImportSettings settings, IReadOnlyList<FileInfo> files)
{
    private readonly List<ImportReport> _reports = [];
    private readonly long _startedAt = target.Time.GetTimestamp();

    /// <summary>Runs the import, and returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (files.FirstOrDefault(file => !file.Exists) is { } missing)
        {
            throw new FormatException($"There is no file {missing.FullName}.");
        }

        await DuckDbLibraries.UseAsync(Console.Error, cancellationToken);
        var import = new LakeImport(settings, target.Time, target.Console.Error);
        using var displayEnd = new CancellationTokenSource();
        var display = ProgressLine.ShowAsync(
            () => Line(import.Progress), Console.Error, ProgressLine.IsTerminal, target.Time, displayEnd.Token);
        var problem = default(string);
        try
        {
            await import.RunAsync([.. files.Select(file => file.FullName)], Done, cancellationToken);
        }
        catch (Exception failed) when (failed is LakeException or IOException or UnauthorizedAccessException or DuckDbException)
        {
            problem = failed.Message;
        }
        finally
        {
            await displayEnd.CancelAsync();
            await display;
        }

        if (problem is not null)
        {
            target.Console.Error(problem);
        }

        if (target.IsJson)
        {
            target.Console.Json(Json(problem));
        }

        return problem is null ? ExitCodes.Done : ExitCodes.Incomplete;
    }

    private void Done(ImportReport report)
    {
        _reports.Add(report);
        if (!target.IsJson)
        {
            target.Console.Line(Sentence(report));
        }
    }

    private string Sentence(ImportReport report)
    {
        var days = report.Days == 0 ? "" : Invariant($" in {Counted.Of(report.Days, "day")}");
        var added = settings.IsDryRun ? "would be added" : report.Added == 1 ? "was added" : "were added";
        return Invariant($"{report.File}: {Counted.Of(report.Ticks, "tick")} from {Time(report.FirstMs)} to {Time(report.LastMs)}. ")
            + (report.Added == 0 ? "The lake already has them, so nothing was added." : Invariant($"{report.Added:N0} {added}{days}"))
            + (report is { Added: > 0, Known: > 0 }
                ? Invariant($"; {report.Known:N0} were already in the lake, or are repeated in the file") : "")
            + (report.Added > 0 ? "." : "")
            + (report.InvalidLines > 0 ? Invariant($" LEFT OUT: {Counted.Of(report.InvalidLines, "line")} without a valid tick.") : "");
    }

    private static string Line(ImportProgress progress)
    {
        if (progress.IsWaiting || progress.File is null)
        {
            return progress.IsWaiting ? "waiting for another import into this lake" : "beginning";
        }

        var name = Path.GetFileName(progress.File);
        var fraction = progress.Fraction;
        var part = fraction > 0 ? Invariant($", {Math.Floor(fraction * 100):0} %") : "";
        var rest = fraction is > 0.01 and < 1 ? $", about {RemainingTime(progress.Elapsed * ((1 - fraction) / fraction))} left" : "";
        return progress.IsWriting
            ? Invariant($"adding {name}: {Counted.Of(progress.Count, "day")}{part}{rest}")
            : Invariant($"reading {name}: {Counted.Of(progress.Count, "tick")}{part}{rest}");
    }

    private JsonObject Json(string? problem)
    {
        var json = new JsonObject
        {
            ["lake"] = target.Folder,
            ["dry_run"] = settings.IsDryRun,
            ["added"] = _reports.Sum(report => report.Added),
            ["files"] = new JsonArray([.. _reports.Select(report => (JsonNode)new JsonObject
            {
                ["file"] = report.File, ["sha256"] = report.Sha256, ["ticks"] = report.Ticks, ["added"] = report.Added,
                ["known"] = report.Known, ["bad"] = report.InvalidLines, ["days"] = report.Days, ["first_ms"] = report.FirstMs,
                ["last_ms"] = report.LastMs,
            })]),
            ["seconds"] = Math.Round(target.Time.GetElapsedTime(_startedAt).TotalSeconds, 3),
        };
        if (problem is not null)
        {
            json["problem"] = problem;
        }

        return json;
    }

    private static string RemainingTime(TimeSpan time) =>
        time.TotalSeconds < 90 ? Invariant($"{time.TotalSeconds:0} s") : Invariant($"{time.TotalMinutes:0} min");

    private static string Time(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
