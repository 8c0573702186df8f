using System.Text.Json.Nodes;
using CloudTicks.Verification.Checklist;
using CloudTicks.Verification.Findings;

namespace CloudTicks.Cli.Verifying;

/// <summary>The checklist as one JSON object.</summary>
internal static class ChecklistJson
{
    public static JsonObject Of(VerifyTargets targets, IReadOnlyList<CheckResult> results, DateTimeOffset now) => new()
    {
        ["state"] = State(results.Any(line => line.Finding.State == CheckState.Fail) ? CheckState.Fail
            : results.Any(line => line.Finding.State == CheckState.Unknown) ? CheckState.Unknown : CheckState.Pass),
        ["time"] = now,
        ["hub"] = targets.OperatedSystem.Hub.Address.ToString(),
        ["checks"] = new JsonArray([.. results.Select(Line)]),
    };

    private static JsonObject Line(CheckResult line) => new()
    {
        ["name"] = line.Name,
        ["title"] = line.Title,
        ["state"] = State(line.Finding.State),
        ["detail"] = line.Finding.Sentence,
        ["cure"] = line.Finding.Cure,
        ["seconds"] = Math.Round(line.Duration.TotalSeconds, 3),
        ["facts"] = line.Finding.Facts?.DeepClone(),
    };

    private static string State(CheckState state) => state switch
    {
        CheckState.Pass => "pass",
        CheckState.Fail => "fail",
        CheckState.Skipped => "skipped",
        _ => "unknown",
    };
}
