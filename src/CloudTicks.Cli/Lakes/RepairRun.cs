using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Sql;
using CloudTicks.Lake;
using CloudTicks.Lake.Comparing;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Repairing;
using CloudTicks.Ticks;
using Microsoft.Extensions.Hosting;
using static System.FormattableString;

namespace CloudTicks.Cli.Lakes;

/// <summary>Finds the hours to repair, rewrites them, and compares their days with the archive again.</summary>
internal sealed class RepairRun(LakeTarget target, LakeSelection selection, bool isDryRun)
{
    private readonly bool _isTerminal = ProgressLine.IsTerminal;

    public async Task<int> RunAsync(DateOnly? date, int? hour, CancellationToken cancellationToken)
    {
        await DuckDbLibraries.UseAsync(Console.Error, cancellationToken);
        var archive = target.Archive();
        var repair = LakeRepair.Of(target.Folder, archive, new LakeOptions(), target.Time);
        var hours = date is { } day
            ? await repair.ListHoursAsync(day, hour, selection, cancellationToken)
            : (await CompareAsync(selection, "Comparing the lake with the archive", cancellationToken)).Hours;
        if (hours.Count == 0)
        {
            return End(new LakeRepairResult(), null, date is null
                ? "There is nothing to repair: the lake has what the archive has."
                : "There is nothing to repair: the lake is empty, or has no ticks of that kind and market.");
        }

        if (isDryRun)
        {
            var preview = await repair.PreviewAsync(hours, cancellationToken);
            return End(preview, null, Invariant($"Would rewrite {Counted.Of(preview.Hours, "hour")} ({Names(preview.Days)}), replacing ")
                + $"{Counted.Of(preview.OldRows, "tick")} in {Counted.Of(preview.OldFiles, "file")}. Nothing was changed.");
        }

        new Servers(target.System).Announce(isFromArchive: true);
        var progress = Progress("Rewriting hours from the archive");
        var result = await progress.ShowAsync(repair.RunAsync(
            hours, progress.Report, () => Console.Error.WriteLine("Waiting until the functions release the lake."), cancellationToken));
        var after = await CompareAsync(
            new LakeSelection { Days = hours.Select(one => one.Day).ToHashSet() }, "Comparing the rewritten days", cancellationToken);
        var agrees = after.Hours.Count == 0;
        return End(
            result, after,
            Invariant($"{Counted.Of(result.Hours, "hour")} rewritten ({Names(result.Days)}): {Counted.Of(result.NewRows, "tick")} in ")
                + $"{Counted.Of(result.NewFiles, "file")}, replacing {Counted.Of(result.OldRows, "tick")} in "
                + $"{Counted.Of(result.OldFiles, "file")}. " + (agrees ? "Lake and archive agree now."
                    : $"Lake and archive still differ in {Counted.Of(after.Hours.Count, "hour")}; 'cloudticks verify --check lake' names "
                        + "them."));
    }

    private async Task<LakeComparisonResult> CompareAsync(LakeSelection days, string what, CancellationToken cancellationToken)
    {
        var temporaryFolder = Directory.CreateTempSubdirectory("cloudticks-repair-").FullName;
        var progress = Progress(what);
        try
        {
            var comparison = LakeComparison.Of(
                target.Folder, target.Archive(), new DuckDbSettings { TemporaryFolder = temporaryFolder }, target.Time);
            var result = await progress.ShowAsync(comparison.RunAsync(days, progress.Report, cancellationToken));
            return result.IsFromAnotherArchive
                ? throw new LakeException("The lake was written from another archive, so none of it can be rewritten from this one.")
                : result;
        }
        finally
        {
            Directory.Delete(temporaryFolder, recursive: true);
        }
    }

    private int End(LakeRepairResult result, LakeComparisonResult? after, string sentence)
    {
        if (target.IsJson)
        {
            target.Console.Json(new JsonObject
            {
                ["dry_run"] = isDryRun,
                ["hours"] = result.Hours,
                ["days"] = new JsonArray([.. result.Days.Select(day => (JsonNode)day.Folder)]),
                ["old_files"] = result.OldFiles,
                ["old_ticks"] = result.OldRows,
                ["new_files"] = result.NewFiles,
                ["new_ticks"] = result.NewRows,
                ["lost"] = new JsonArray([.. result.Lost.Select(text => (JsonNode)text)]),
                ["hours_that_still_differ"] = after?.Hours.Count ?? 0,
                ["detail"] = sentence,
            });
        }
        else
        {
            target.Console.Line(sentence);
            foreach (var lost in result.Lost)
            {
                target.Console.Failure(lost);
            }
        }

        return result.Lost.Count == 0 && after is null or { Hours.Count: 0 } ? ExitCodes.Done : ExitCodes.Incomplete;
    }

    private ProgressMeter Progress(string what) => new(what, Console.Error, _isTerminal, target.Time);

    private static string Names(IReadOnlyCollection<LakeDay> days) => string.Join(
        "; ", days.GroupBy(day => (day.Kind, day.Market)).Select(series => string.Create(
            CultureInfo.InvariantCulture,
            $"{series.Key.Kind.Name()} {series.Key.Market.Name()} {Dates([.. series.Select(day => day.Date).Order()])}")));

    private static string Dates(List<DateOnly> dates) => dates.Count <= 3
        ? string.Join(", ", dates.Select(date => date.ToString("O", CultureInfo.InvariantCulture)))
        : Invariant($"{dates.Count} days from {dates[0]:yyyy-MM-dd} to {dates[^1]:yyyy-MM-dd}");
}
