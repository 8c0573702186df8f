using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.ServiceDocuments.Tests.Collector;

public class SecretTests
{
    private static readonly ServiceDocument Collector = KnownServices.Documents.Find(ServiceNames.Collector)!;
    private static readonly NamedLists Lists = new(null);

    public static TheoryData<string> Secrets =>
    [
        "q3XvT8bLk2mZ9pRwYc5NdF7hJs1GaE4u", "9f86d081884c7d659a2feaa0c55ad015", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "AKIAIOSFODNN7EXAMPLE",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=abc=", "Host=db;Username=ticks;Password=hunter2",
        "redis://:hunter2@cache:6379",
        "-----BEGIN PRIVATE KEY-----", "Bearer abcdefgh1234", "MySecretKey2026",
    ];

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task Check_likely_secret_is_refused_and_not_repeated(string secret)
    {
        foreach (var document in Places(secret))
        {
            var faults = await Collector.CheckAsync(document, Lists, TestContext.Current.CancellationToken);

            faults.ShouldNotBeEmpty(document.ToJsonString());
            faults.ShouldAllBe(fault => !fault.Detail.Contains(secret) && !fault.Place.Contains(secret));
            faults.ShouldContain(fault => fault.Detail.Contains("It looks like a secret"));
        }
    }

    [Theory]
    [InlineData("api_key")]
    [InlineData("polygonApiKey")]
    [InlineData("POLYGON_API_KEY")]
    [InlineData("password")]
    [InlineData("connection_string")]
    public async Task Check_field_named_like_a_secret_is_refused(string name)
    {
        var document = Collector.Defaults();
        document["operational"]![name] = "short";

        var fault = (await Collector.CheckAsync(document, Lists, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        fault.Place.ShouldBe($"/operational/{name}");
        fault.Detail.ShouldContain("in the environment");
        fault.Detail.ShouldNotContain("short");
    }

    [Theory]
    [InlineData("O:SPY251219C00650000")]
    [InlineData("O:BRKB1251219P00650000")]
    [InlineData("nasdaq-100-first-step-2026")]
    [InlineData("The S&P 500 beside the pairs; see https://example.com/runbooks/rollout#step-2, asked for by the desk on 2026-01-05.")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("2026-01-05T14:30:00.0000000+00:00")]
    public async Task Check_ordinary_text_is_not_a_secret(string text)
    {
        var document = Collector.Defaults();
        document["feature_management"]!["feature_flags"] = new JsonArray(new JsonObject { ["id"] = "a", ["description"] = text });

        (await Collector.CheckAsync(document, Lists, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    private static IEnumerable<JsonObject> Places(string secret)
    {
        foreach (var place in (Action<JsonObject>[])
        [
            document => document["operational"]!["symbols"]!.AsArray().Add(secret),
            document => document["operational"]!["lists"] = new JsonArray(secret),
            document => document["operational"]!["feed"] = secret,
            document => document["operational"]!["rate_limit_per_second"] = secret,
            document => document["operational"]![secret] = 5,
            document => document[secret] = new JsonObject { [secret] = secret },
            document => document["operational"]!["rollouts"] = new JsonArray(new JsonObject { ["flag"] = secret, ["list"] = "dow-30" }),
            document => document["feature_management"]!["feature_flags"] = new JsonArray(
                new JsonObject { ["id"] = "a", ["description"] = $"it is {secret}" }),
            document => document["feature_management"]!["feature_flags"] = new JsonArray(
                new JsonObject { ["id"] = "a", ["telemetry"] = new JsonObject { ["metadata"] = new JsonObject { [secret] = "x" } } }),
        ])
        {
            var document = Collector.Defaults();
            place(document);
            yield return document;
        }
    }
}
