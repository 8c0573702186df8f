using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Lake;
using CloudTicks.Lake.Comparing;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Writing;
using CloudTicks.Ticks;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using Microsoft.Extensions.Hosting;
using static System.FormattableString;

namespace CloudTicks.Verification.Checks;

/// <summary>
/// Checks that the lake's files contain the ticks of the archive, compared tick by tick, by identity. Days that were proved and have not
/// changed are skipped, unless a time range is given.
/// </summary>
internal sealed class LakeCheck(OperatedSystem system, VerificationOptions options, TimeProvider time) : ICheck
{
    private const string RepairSuggestion = "Rewrite these hours from the archive";

    public string Name => "lake";

    public string Title => "The lake has what the archive has";

    public IReadOnlyList<string> Subjects => [Parts.EventHub];

    public async Task<Finding> CheckAsync(CancellationToken cancellationToken)
    {
        if (system.Lake is not { } folder)
        {
            const string absence = "There is no lake here: Lake__Folder and Lake__Address are not set, and no AppHost runs with --lake.";
            return options.Checks.Contains(Name)
                ? Finding.Unknown(absence, "Name its folder or address with --lake, or start AppHost with --lake.") : Finding.Skip(absence);
        }

        var temporaryFolder = Directory.CreateTempSubdirectory("cloudticks-verify-").FullName;
        try
        {
            var settings = new DuckDbSettings
            {
                MemoryBytes = options.LakeMemory,
                Threads = Math.Max(1, Environment.ProcessorCount / 2),
                TemporaryFolder = temporaryFolder,
            };
            var comparison = LakeComparison.Of(folder, ArchiveReader.Of(system.Stream, time), settings, time);
            return Report(await comparison.RunAsync(
                new LakeSelection { FromMs = options.FromMs, ToMs = options.ToMs }, options.LakeProgress, cancellationToken));
        }
        catch (LakeException problem)
        {
            return Finding.Fail(problem.Message, "The lake and the archive must belong together: see docs/lake.md.");
        }
        catch (Exception problem) when (
            problem is IOException or UnauthorizedAccessException or DuckDbException or DllNotFoundException)
        {
            return Finding.Unknown(
                $"The lake in {folder} cannot be read: {problem.Message.ReplaceLineEndings(" ").TrimEnd('.')}.",
                "Run the check again when this is fixed.");
        }
        finally
        {
            Directory.Delete(temporaryFolder, recursive: true);
        }
    }

    private Finding Report(LakeComparisonResult result)
    {
        if (result.IsFromAnotherArchive)
        {
            return Finding.Unknown(
                "The lake was written from another archive and has nothing of this one, so there is nothing to compare.",
                "Run the check again when LakeTicks has run, or name the lake of this system with --lake.");
        }

        if (result is { Days: 0, ProvedBefore: 0, Dropped: 0 })
        {
            return Finding.Unknown(
                "The lake has no ticks from that time, so there is nothing to compare.",
                "LakeTicks writes once a minute: run the check again, or choose another time with --from and --to.");
        }

        var facts = Facts(result);
        var counted = Counts(result);
        if (result.Faults.Count > 0 || result.DifferenceCount > 0)
        {
            var damaged = result.Faults.Count > 0 ? Invariant($"{result.Faults.Count:N0} files are damaged or missing: ")
                + $"{string.Join(" ", result.Faults.Take(3).Select(fault => fault.Sentence))} " : "";
            var differing = result.DifferenceCount > 0
                ? $"Lake and archive differ in {Counted.Of(result.DifferenceCount, "hour")}, counting each symbol separately. " : "";
            return Finding.Fail($"{damaged}{differing}{counted}", Cure(result), facts);
        }

        return result.ProofProblem is { } unwritten
            ? Finding.Unknown(
                $"{counted} The result could not be stored in the lake ({unwritten.TrimEnd('.')}), so the next run compares "
                    + "all of it again.",
                "Give this user write access to the lake.", facts)
            : Finding.Pass(counted, facts);
    }

    private static string Cure(LakeComparisonResult result)
    {
        var days = result.Hours.Select(hour => hour.Day.Date).Distinct().Order().ToList();
        return days.Count == 1
            ? $"{RepairSuggestion}: cloudticks lake repair --day {days[0]:yyyy-MM-dd}. With --dry-run it only shows what it would do."
            : $"{RepairSuggestion}: cloudticks lake repair. With --dry-run it only shows what it would do.";
    }

    private static string Counts(LakeComparisonResult result)
    {
        var gone = result.Expired > 0
            ? Invariant($" {result.Expired:N0} older ticks cannot be compared, because the archive no longer has their records.") : "";
        var proved = result.ProvedBefore > 0
            ? $" Not compared again, because unchanged since an earlier proof: {Counted.Of(result.ProvedBefore, "day")}; --from compares "
                + "them again." : "";
        var unreadable = result.Unreadable > 0
            ? $" {Counted.Of(result.Unreadable, "record")} of the archive cannot be read, and neither side has their ticks." : "";
        var dropped = result.Dropped > 0
            ? $" Not compared, because retention has dropped their ticks from the lake: {Counted.Of(result.Dropped, "day")}." : "";
        return Invariant($"{result.Archive:N0} ticks in the archive and {result.Lake:N0} in the lake, in ")
            + $"{Counted.Of(result.Days, "day")}, counting each kind and market separately.{proved}{dropped}{gone}{unreadable}";
    }

    private JsonObject Facts(LakeComparisonResult result) => new()
    {
        ["days"] = result.Days,
        ["days_proved_before"] = result.ProvedBefore,
        ["days_dropped"] = result.Dropped,
        ["archive_ticks"] = result.Archive,
        ["lake_ticks"] = result.Lake,
        ["archive_identity_sum"] = result.ArchiveSum.ToString("x16", CultureInfo.InvariantCulture),
        ["lake_identity_sum"] = result.LakeSum.ToString("x16", CultureInfo.InvariantCulture),
        ["ticks_not_in_archive_any_more"] = result.Expired,
        ["repeats_in_lake"] = result.Repeats,
        ["unreadable_records"] = result.Unreadable,
        ["difference_count"] = result.DifferenceCount,
        ["differences"] = new JsonArray([.. result.Differences.Take(options.MaxDifferences).Select(one => (JsonNode)Json(one))]),
        ["files"] = new JsonArray([.. result.Faults.Select(fault => (JsonNode)new JsonObject
        {
            ["name"] = $"{fault.Day}/{fault.File.Name}", ["ticks"] = fault.File.Rows, ["text"] = fault.Sentence,
        })]),
    };

    private static JsonObject Json(LakeDifference one)
    {
        var more = one.Missing > 0 && one.Extra > 0 ? "each has ticks that the other lacks"
            : one.Missing > 0 ? $"the archive has {one.Missing:N0} more" : $"the lake has {one.Extra:N0} more";
        return new JsonObject
        {
            ["kind"] = one.Day.Kind.Name(),
            ["market"] = one.Day.Market.Name(),
            ["symbol"] = one.Symbol,
            ["hour"] = Invariant($"{one.Day.Date:yyyy-MM-dd}T{one.Hour:D2}"),
            ["archive"] = one.Archive,
            ["lake"] = one.Lake,
            ["missing"] = one.Missing,
            ["extra"] = one.Extra,
            ["text"] = Invariant($"{one.Symbol} {one.Day.Kind.Name()} {one.Day.Date:yyyy-MM-dd}T{one.Hour:D2}Z: archive ")
                + $"{Counted.Of(one.Archive, "tick")}, lake {Counted.Of(one.Lake, "tick")}: {more} (cloudticks lake repair --hour "
                + Invariant($"{one.Day.Date:yyyy-MM-dd}T{one.Hour:D2} --kind {one.Day.Kind.Name()} ")
                + $"--market {one.Day.Market.Name()})",
        };
    }
}
