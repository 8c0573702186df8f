using System.Text;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.ServiceDocuments.Tests;

/// <summary>Random documents with known names and unsuitable values: no step may throw.</summary>
public class AnyDocumentTests
{
    private static readonly NamedLists Lists = new(null);

    private static readonly string[] Names =
    [
        "operational", "feature_management", "symbols", "lists", "underlyings", "rollouts", "feed", "flag", "list", "guard", "window",
        "max_lag_records", "feature_flags", "id",
        "enabled", "conditions", "client_filters", "name", "parameters", "Audience", "Users", "Groups", "Name", "RolloutPercentage",
        "DefaultRolloutPercentage", "Exclusion", "Start",
        "End", "Value", "Recurrence", "Pattern", "Range", "Type", "allocation", "variants", "batch_interval", "rate_limit_per_second",
        "spool_max_bytes", "a/b~c", "", "api_key", "retention_days",
    ];

    private static readonly string[] Texts =
        ["EURUSD", "AAPL", "", "EUR USD", "sp-500", "nowhere", "a", "trades", "Targeting", "Microsoft.TimeWindow", "Percentage",
            "2026-01-05T14:30:00Z", "\0", "9f86d081884c7d659a2feaa0c55ad015", "é😀"];

    private static readonly string[] Numbers =
        ["0", "-1", "5", "0.25", "1e400", "-0.0", "99999999999999999999999999999999999", "1e-400", "50.0"];

    [Fact]
    public void Check_difference_and_settings_accept_any_document() =>
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), async seed =>
    {
        var random = new Random(seed);
        foreach (var service in KnownServices.Documents.All)
        {
            var document = MergePatch.Apply(service.Defaults(), Value(random, 0, isObject: true))!.AsObject();
            var faults = await service.CheckAsync(document, Lists, CancellationToken.None);
            var changes = await service.DifferenceAsync(
                service.Defaults(), document, Lists, DateTimeOffset.UnixEpoch, CancellationToken.None);
            var settings = service.ToSettings(document);

            faults.ShouldAllBe(fault => fault.Detail.Length > 0 && (fault.Place.Length == 0 || fault.Place[0] == '/'));
            (changes.Count == 0).ShouldBe(JsonNode.DeepEquals(document, service.Defaults()));
            settings.Keys.ShouldAllBe(name => name.Contains(':'));
        }
    }));

    [Fact]
    public void TryRead_accepts_any_bytes() => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var bytes = Encoding.UTF8.GetBytes(Value(random, 0, isObject: true).ToJsonString());
        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);

        var isRead = DocumentText.TryRead(bytes, out var document, out var fault);

        (isRead ? document is not null : fault is { Detail.Length: > 0 }).ShouldBeTrue();
    }));

    private static JsonNode Value(Random random, int depth, bool isObject = false)
    {
        switch (isObject ? 0 : depth > 8 ? random.Next(2, 5) : random.Next(5))
        {
            case 0:
                var parent = new JsonObject();
                for (var count = random.Next(isObject ? 1 : 0, 5); count > 0; count--)
                {
                    var name = depth == 0 ? Names[random.Next(2)] : Names[random.Next(Names.Length)];
                    parent[name] = random.Next(10) == 0 ? null : Value(random, depth + 1, depth == 0 && random.Next(5) > 0);
                }

                return parent;
            case 1:
                return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))]);
            case 2:
                return JsonNode.Parse(Numbers[random.Next(Numbers.Length)])!;
            case 3:
                return JsonValue.Create(random.Next(2) == 0);
            default:
                return JsonValue.Create(Texts[random.Next(Texts.Length)]);
        }
    }
}
