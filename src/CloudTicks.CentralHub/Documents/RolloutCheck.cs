using System.Text.Json;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Checks rollouts beyond the schema: lists and flags exist, no rollout exists twice, and a guard has a limit.</summary>
public sealed class RolloutCheck(JsonElement document, NamedLists lists, FaultList faults)
{
    private const string Rollouts = "/operational/rollouts";

    private static readonly string[] Limits = ["max_refused_ticks", "max_missing_acks", "max_lag_records", "max_feed_latency_ms"];

    /// <summary>Adds the faults of the feature flags and of the rollouts.</summary>
    /// <param name="listCheck">The check to use for the lists of the rollouts.</param>
    public void Check(ListCheck listCheck)
    {
        var flags = new FeatureFlagCheck(document, lists, faults).Check();
        var known = new HashSet<(string, string)>();
        foreach (var (index, rollout) in DocumentPart.Entries(DocumentPart.Of(document, "operational"), "rollouts").Index())
        {
            var place = JsonPointer.Of(Rollouts, index);
            var (flag, list) = (DocumentPart.Text(rollout, "flag"), DocumentPart.Text(rollout, "list"));
            if (list is not null)
            {
                listCheck.Check($"{place}/list", list);
            }

            if (flag is not null && !flags.Contains(flag))
            {
                faults.Add(
                    $"{place}/flag",
                    $"There is no feature flag {FaultText.Quote(flag)} in feature_management.feature_flags"
                        + $"{FaultText.Suggestion(flag, flags)}.");
            }
            else if (flag is not null && list is not null && !known.Add((flag, list)))
            {
                faults.Add(place, $"The rollout of list {FaultText.Quote(list)} with flag {FaultText.Quote(flag)} exists twice.");
            }

            if (DocumentPart.Of(rollout, "guard") is { ValueKind: JsonValueKind.Object } guard
                && !Array.Exists(Limits, limit => guard.TryGetProperty(limit, out _)))
            {
                faults.Add($"{place}/guard", $"It has no limit and guards nothing: set one of {string.Join(", ", Limits)}.");
            }
        }
    }
}
