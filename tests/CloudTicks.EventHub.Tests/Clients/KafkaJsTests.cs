using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>Scenarios with the client kafkajs.</summary>
public sealed class KafkaJsTests() : JavaScriptClientTests("kafkajs.mjs")
{
    // kafkajs queries every broker, logs each response, reports this error when none is the coordinator, and does not retry.
    private protected override string TransactionRefusal => "Failed to find group coordinator";

    [Theory]
    [InlineData("None")]
    [InlineData("GZIP")]
    public async Task Records_are_read_as_sent(string codec) =>
        SeenRecord.ShouldBeAll(await RunAsync("records", codec), partitions: 3, each: 300);

    [Fact]
    public async Task LogAppendTime_topic_sets_broker_time()
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var result = await RunAsync("settings", "stamped", "message.timestamp.type=LogAppendTime");
        result.GetProperty("timestamp").GetInt64().ShouldBeGreaterThanOrEqualTo(before);
    }

    [Fact]
    public async Task OffsetCommit_version_1_stores_offsets()
    {
        var result = await RunAsync("commit", "1");
        (result.GetProperty("read").GetInt64(), result.GetProperty("set").GetInt64()).ShouldBe((3, 1));
    }

    [Fact]
    public async Task Invalid_compressed_bytes_are_refused_permanently()
    {
        var result = await RunAsync("garbage");
        result.GetProperty("error").GetString().ShouldBe("INVALID_RECORD");
        result.GetProperty("retriable").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Admin_sees_topics_groups_and_settings()
    {
        var result = await RunAsync("admin");
        result.GetProperty("groups").EnumerateArray().Select(g => g.GetString()).ShouldBe(["read-administered"]);
        result.GetProperty("state").GetString().ShouldBe("Empty");
        result.GetProperty("retention").GetString().ShouldBe("-1");
        result.GetProperty("changed").GetProperty("configValue").GetString().ShouldBe("60000");
        result.GetProperty("changed").GetProperty("configSource").GetInt32().ShouldBe(1);
        result.GetProperty("changed").GetProperty("configSynonyms").GetArrayLength().ShouldBe(2);
        result.GetProperty("refused").GetString().ShouldNotBeNull().ShouldContain("onfiguration is invalid");
        result.GetProperty("committed").GetProperty("0").GetInt64().ShouldBe(1);
        result.GetProperty("committed").GetProperty("1").GetInt64().ShouldBe(1);
        result.GetProperty("ends").GetProperty("0").GetInt64().ShouldBe(2);
        result.GetProperty("partitions").GetInt32().ShouldBe(2);
        result.GetProperty("starts").ToString().ShouldBe("""{"0":1,"1":0,"2":0}""");
        result.GetProperty("brokers").GetInt32().ShouldBe(1);
        result.GetProperty("topicsAfter").GetArrayLength().ShouldBe(0);
        result.GetProperty("groupsAfter").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Correct_password_is_accepted_and_wrong_one_refused()
    {
        using var users = new TestUsers();
        await using var secured = await EventHubProcess.StartAsync(
            arguments: users.Options, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var (name, password) in new[] { (TestUsers.Name, TestUsers.Password), ("$ConnectionString", TestUsers.ConnectionString) })
        {
            var result = await RunAsync(secured, "sasl", name, password);
            result.GetProperty("loggedIn").GetBoolean().ShouldBeTrue();
        }

        (await RunAsync(secured, "sasl", TestUsers.Name, "wrong")).GetProperty("loggedIn").GetBoolean().ShouldBeFalse();
    }

    /// <summary>This client renews its login on the same connection (KIP-368).</summary>
    [Fact]
    public async Task Token_login_is_renewed_while_records_are_written()
    {
        // The client logs in again before every request, because the token expires within ten seconds (reauthenticationThreshold).
        await using var issuer = await TokenIssuer.StartAsync(TimeSpan.FromSeconds(9));
        await using var secured = await EventHubProcess.StartAsync(
            arguments: issuer.Options, cancellationToken: TestContext.Current.CancellationToken);
        var result = await RunAsync(secured, "token", $"{issuer.Address}/token", "10");
        var offsets = result.GetProperty("offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        offsets.Length.ShouldBeGreaterThan(1);
        offsets.ShouldBe(Enumerable.Range(0, offsets.Length).Select(i => (long)i));
        secured.Log.ShouldNotContain(line => line.Contains("was closed", StringComparison.Ordinal), "each token was renewed in time");
    }
}
