using System.Globalization;
using System.Text.Json;
using CloudTicks.CentralHub.Lists;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.Ticks;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Checks feature flags beyond the schema: duplicate ids, time windows that never open, users that are not symbols,
/// groups without members, unknown variants.</summary>
/// <param name="lists">The lists whose symbols are the users of rollouts; null when users are not symbols.</param>
internal sealed class FeatureFlagCheck(JsonElement document, NamedLists? lists, FaultList faults)
{
    private const string Flags = "/feature_management/feature_flags";

    public IReadOnlySet<string> Check()
    {
        var ids = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        var used = lists is null ? [] : DocumentPart.Entries(DocumentPart.Of(document, "operational"), "rollouts")
            .Select(rollout => DocumentPart.Text(rollout, "flag")).ToHashSet();
        foreach (var (index, flag) in DocumentPart.Entries(DocumentPart.Of(document, "feature_management"), "feature_flags").Index())
        {
            var place = JsonPointer.Of(Flags, index);
            var id = DocumentPart.Text(flag, "id");
            if (id is not null && !ids.Add(id))
            {
                faults.Add(
                    $"{place}/id", $"The id {FaultText.Quote(id)} exists already. Ids are not case-sensitive.");
            }

            foreach (var (number, filter) in DocumentPart.Entries(DocumentPart.Of(flag, "conditions"), "client_filters").Index())
            {
                CheckFilter(filter, JsonPointer.Of($"{place}/conditions/client_filters", number), used.Contains(id));
            }

            CheckAllocation(flag, place);
        }

        // Rollouts refer to flags case-sensitively.
        return DocumentPart.Entries(DocumentPart.Of(document, "feature_management"), "feature_flags")
            .Select(flag => DocumentPart.Text(flag, "id")).OfType<string>().ToHashSet(StringComparer.Ordinal);
    }

    private void CheckFilter(JsonElement filter, string place, bool isOfRollout)
    {
        var parameters = DocumentPart.Of(filter, "parameters");
        var name = DocumentPart.Text(filter, "name");
        if (SymbolFilters.IsSame(name, SymbolFilters.TimeWindow))
        {
            CheckTimeWindow(parameters, $"{place}/parameters");
        }
        else if (isOfRollout && SymbolFilters.IsSame(name, SymbolFilters.Targeting))
        {
            var audience = DocumentPart.Of(parameters, "Audience");
            place += "/parameters/Audience";
            CheckUsers(audience, place);
            CheckUsers(DocumentPart.Of(audience, "Exclusion"), $"{place}/Exclusion");
            CheckGroups(DocumentPart.Entries(audience, "Groups").Index().Select(group => (
                $"{JsonPointer.Of($"{place}/Groups", group.Index)}/Name", DocumentPart.Text(group.Item, "Name") ?? "")));
            CheckGroups(DocumentPart.Texts(DocumentPart.Of(audience, "Exclusion"), "Groups", $"{place}/Exclusion/Groups"));
        }
    }

    private void CheckUsers(JsonElement audience, string place)
    {
        foreach (var (at, text) in DocumentPart.Texts(audience, "Users", $"{place}/Users")
            .Where(user => !Symbol.TryParse(user.Text, out _)))
        {
            faults.Add(at, $"It is {FaultText.Quote(text)}; the users of a rollout must be symbols. {Symbol.HintFor(text)}");
        }
    }

    /// <summary>Checks that the groups exist. The library compares them case-sensitively, so a misspelt group has no members.</summary>
    private void CheckGroups(IEnumerable<(string Place, string Name)> groups)
    {
        string[] known = [.. RolloutPlan.MarketGroups, .. lists!.Names, NamedLists.All];
        foreach (var (at, name) in groups.Where(group => !known.Contains(group.Name)))
        {
            faults.Add(
                at, $"It is {FaultText.Quote(name)}; this group has no symbols{FaultText.Suggestion(name, known)}. The groups are "
                    + $"{string.Join(", ", known)}.");
        }
    }

    private void CheckTimeWindow(JsonElement window, string place)
    {
        var (start, end) = (ReadTime(window, "Start", place), ReadTime(window, "End", place));
        if (window.ValueKind == JsonValueKind.Object && !window.TryGetProperty("Start", out _) && !window.TryGetProperty("End", out _))
        {
            faults.Add(place, "A time window needs a Start, an End or both; without them it never opens.");
        }
        else if (end <= start)
        {
            faults.Add($"{place}/End", "It is not after Start, so the window never opens.");
        }

        var recurrence = DocumentPart.Of(window, "Recurrence");
        if (recurrence.ValueKind == JsonValueKind.Object && (start is null || end is null))
        {
            faults.Add($"{place}/Recurrence", "A recurring window needs the Start and End of its first occurrence.");
        }

        ReadTime(DocumentPart.Of(recurrence, "Range"), "EndDate", $"{place}/Recurrence/Range");
    }

    private DateTimeOffset? ReadTime(JsonElement value, string name, string place)
    {
        if (DocumentPart.Text(value, name) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        faults.Add(
            $"{place}/{name}",
            $"It is {FaultText.Quote(text)}, which is not a time: use 2026-01-05T14:30:00Z, or Mon, 05 Jan 2026 14:30:00 GMT.");
        return null;
    }

    private void CheckAllocation(JsonElement flag, string place)
    {
        var variants = DocumentPart.Entries(flag, "variants").Select(variant => DocumentPart.Text(variant, "name")).ToHashSet();
        var allocation = DocumentPart.Of(flag, "allocation");
        foreach (var name in (string[])["default_when_enabled", "default_when_disabled"])
        {
            CheckVariant(allocation, name, $"{place}/allocation", variants);
        }

        foreach (var kind in (string[])["user", "group", "percentile"])
        {
            foreach (var (index, share) in DocumentPart.Entries(allocation, kind).Index())
            {
                CheckVariant(share, "variant", JsonPointer.Of($"{place}/allocation/{kind}", index), variants);
            }
        }
    }

    private void CheckVariant(JsonElement value, string field, string place, HashSet<string?> variants)
    {
        if (DocumentPart.Text(value, field) is { } name && !variants.Contains(name))
        {
            faults.Add($"{place}/{field}", $"The flag has no variant {FaultText.Quote(name)}.");
        }
    }
}
