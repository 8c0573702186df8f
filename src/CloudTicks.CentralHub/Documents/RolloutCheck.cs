using System.Text.Json;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Checks what a schema cannot: that rollouts' lists and flags exist, and that a guard guards something.</summary>
public sealed class RolloutCheck(JsonElement document, NamedLists lists, FaultList faults)
{
    private const string Rollouts = "/operational/rollouts";

    private static readonly string[] Limits = ["max_refused_ticks", "max_missing_acks", "max_lag_records", "max_feed_latency_ms"];

    /// <summary>Finds what is wrong.</summary>
    /// <param name="listed">Checks the lists of the rollouts too.</param>
    public void Check(ListCheck listed)
    {
        var flags = new FeatureFlagMeaning(document, lists, faults).Check();
        var known = new HashSet<(string, string)>();
        foreach (var (index, rollout) in DocumentPart.Entries(DocumentPart.Of(document, "operational"), "rollouts").Index())
        {
            var place = JsonPointer.Of(Rollouts, index);
            var (flag, list) = (DocumentPart.Text(rollout, "flag"), DocumentPart.Text(rollout, "list"));
            if (list is not null)
            {
                listed.Check($"{place}/list", list);
            }

            if (flag is not null && !flags.Contains(flag))
            {
                faults.Add(
                    $"{place}/flag",
                    $"There is no feature flag {Shown.Text(flag)} in feature_management.feature_flags{Shown.Meant(flag, flags)}.");
            }
            else if (flag is not null && list is not null && !known.Add((flag, list)))
            {
                faults.Add(place, $"The list {Shown.Text(list)} follows the flag {Shown.Text(flag)} twice.");
            }

            if (DocumentPart.Of(rollout, "guard") is { ValueKind: JsonValueKind.Object } guard
                && !Array.Exists(Limits, limit => guard.TryGetProperty(limit, out _)))
            {
                faults.Add($"{place}/guard", $"It has no limit, so that it guards nothing: set one of {string.Join(", ", Limits)}.");
            }
        }
    }
}
