using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>@platformatic/kafka, which uses flexible versions of nearly every API.</summary>
public sealed class PlatformaticTests() : JavaScriptClientTests("platformatic.mjs")
{
    private protected override string TransactionRefusal => "TRANSACTIONAL_ID_AUTHORIZATION_FAILED";

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    public async Task Records_are_read_as_sent(string codec) =>
        SeenRecord.ShouldBeAll(await RunAsync("records", codec), partitions: 3, each: 300);

    [Fact]
    public async Task Incremental_change_keeps_other_settings()
    {
        var result = await RunAsync("changes");
        result.GetProperty("incremental").ToString().ShouldBe("""{"retention.ms":"60000","segment.ms":"5000"}""");
        result.GetProperty("reset").ToString().ShouldBe("""{"retention.ms":["-1",5],"segment.ms":["5000",1]}""");
        result.GetProperty("replaced").ToString().ShouldBe("""{"retention.bytes":"1000000"}""");
        result.GetProperty("refused").GetString().ShouldNotBeNull().ShouldContain("cleanup.policy is shred");
    }

    [Fact]
    public async Task Log_dirs_report_partition_bytes()
    {
        var result = await RunAsync("logDirs");
        result.GetProperty("bytes").GetProperty("0").GetInt64().ShouldBeGreaterThan(60);
        result.GetProperty("bytes").GetProperty("1").GetInt64().ShouldBe(0);
        result.GetProperty("room").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Groups_are_listed_by_state_and_unused_offsets_deleted()
    {
        var result = await RunAsync("groupStates");
        result.GetProperty("joined").ToString().ShouldBe("""{"stable":["listed"],"empty":[]}""");
        result.GetProperty("refused").GetString().ShouldBe("GROUP_SUBSCRIBED_TO_TOPIC");
        result.GetProperty("left").ToString().ShouldBe("""{"stable":[],"empty":["listed"]}""");
        result.GetProperty("committed").ToString().ShouldBe("[5]");
        result.GetProperty("deleted").ToString().ShouldBe("[]");
    }

    [Fact]
    public async Task Descriptions_include_allowed_operations()
    {
        const int readOperation = 1 << 3;
        const int writeOperation = 1 << 4;
        const int createOperation = 1 << 5;
        var result = await RunAsync("operations");
        result.GetProperty("id").GetString().ShouldNotBeNull().ShouldMatch("^[0-9a-f]{32}$");
        result.GetProperty("ports").ToString().ShouldBe($"[{Port}]");
        result.GetProperty("controller").GetBoolean().ShouldBeTrue();
        (result.GetProperty("cluster").GetInt32() & createOperation).ShouldBe(createOperation);
        (result.GetProperty("topic").GetInt32() & (readOperation | writeOperation)).ShouldBe(readOperation | writeOperation);
        (result.GetProperty("state").GetString(), result.GetProperty("members").GetInt32()).ShouldBe(("STABLE", 1));
        (result.GetProperty("group").GetInt32() & readOperation).ShouldBe(readOperation);
    }

    [Fact]
    public async Task Correct_password_is_accepted_and_wrong_one_refused()
    {
        using var users = new TestUsers();
        await using var secured = await EventHubProcess.StartAsync(
            arguments: users.Options, cancellationToken: TestContext.Current.CancellationToken);
        (await RunAsync(secured, "sasl", TestUsers.Name, TestUsers.Password)).GetProperty("loggedIn").GetBoolean().ShouldBeTrue();
        (await RunAsync(secured, "sasl", TestUsers.Name, "wrong")).GetProperty("loggedIn").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Admin_sees_topics_and_groups()
    {
        var result = await RunAsync("admin");
        result.GetProperty("state").GetString().ShouldBe("EMPTY");
        result.GetProperty("partitions").GetInt32().ShouldBe(2);
        result.GetProperty("brokers").GetInt32().ShouldBe(1);
        result.GetProperty("topicsAfter").GetArrayLength().ShouldBe(0);
    }
}
