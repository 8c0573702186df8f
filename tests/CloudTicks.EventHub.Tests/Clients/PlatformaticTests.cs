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
        var seen = await RunAsync("changes");
        seen.GetProperty("incremental").ToString().ShouldBe("""{"retention.ms":"60000","segment.ms":"5000"}""");
        seen.GetProperty("reset").ToString().ShouldBe("""{"retention.ms":["-1",5],"segment.ms":["5000",1]}""");
        seen.GetProperty("replaced").ToString().ShouldBe("""{"retention.bytes":"1000000"}""");
        seen.GetProperty("refused").GetString().ShouldNotBeNull().ShouldContain("cleanup.policy is shred");
    }

    [Fact]
    public async Task Log_dirs_report_partition_bytes()
    {
        var seen = await RunAsync("logDirs");
        seen.GetProperty("bytes").GetProperty("0").GetInt64().ShouldBeGreaterThan(60);
        seen.GetProperty("bytes").GetProperty("1").GetInt64().ShouldBe(0);
        seen.GetProperty("room").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Groups_are_listed_by_state_and_unused_offsets_deleted()
    {
        var seen = await RunAsync("groupStates");
        seen.GetProperty("joined").ToString().ShouldBe("""{"stable":["listed"],"empty":[]}""");
        seen.GetProperty("refused").GetString().ShouldBe("GROUP_SUBSCRIBED_TO_TOPIC");
        seen.GetProperty("left").ToString().ShouldBe("""{"stable":[],"empty":["listed"]}""");
        seen.GetProperty("committed").ToString().ShouldBe("[5]");
        seen.GetProperty("deleted").ToString().ShouldBe("[]");
    }

    [Fact]
    public async Task Descriptions_include_allowed_operations()
    {
        const int read = 1 << 3;
        const int write = 1 << 4;
        const int create = 1 << 5;
        var seen = await RunAsync("operations");
        seen.GetProperty("id").GetString().ShouldNotBeNull().ShouldMatch("^[0-9a-f]{32}$");
        seen.GetProperty("ports").ToString().ShouldBe($"[{Port}]");
        seen.GetProperty("controller").GetBoolean().ShouldBeTrue();
        (seen.GetProperty("cluster").GetInt32() & create).ShouldBe(create);
        (seen.GetProperty("topic").GetInt32() & (read | write)).ShouldBe(read | write);
        (seen.GetProperty("state").GetString(), seen.GetProperty("members").GetInt32()).ShouldBe(("STABLE", 1));
        (seen.GetProperty("group").GetInt32() & read).ShouldBe(read);
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
        var seen = await RunAsync("admin");
        seen.GetProperty("state").GetString().ShouldBe("EMPTY");
        seen.GetProperty("partitions").GetInt32().ShouldBe(2);
        seen.GetProperty("brokers").GetInt32().ShouldBe(1);
        seen.GetProperty("topicsAfter").GetArrayLength().ShouldBe(0);
    }
}
