using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>A client that nobody here wrote: @platformatic/kafka, which asks for flexible versions of nearly every API.</summary>
public sealed class PlatformaticTests() : JavaScriptClientTests("platformatic.mjs")
{
    private protected override string TransactionRefusal => "TRANSACTIONAL_ID_AUTHORIZATION_FAILED";

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    public async Task Records_come_back_as_they_were_sent(string codec) =>
        SeenRecord.ShouldBeAll(await RunAsync("records", codec), partitions: 3, each: 300);

    [Fact]
    public async Task Tools_change_settings_see_log_dirs_and_delete_offsets()
    {
        var seen = await RunAsync("tools");
        seen.GetProperty("incremental").ToString().ShouldBe("""{"retention.ms":"60000","segment.ms":"5000"}""");
        seen.GetProperty("replaced").ToString().ShouldBe("""{"retention.bytes":"1000000"}""");
        seen.GetProperty("refused").GetString().ShouldNotBeNull().ShouldContain("cleanup.policy is shred");
        seen.GetProperty("bytes").GetProperty("0").GetInt64().ShouldBeGreaterThan(60);
        seen.GetProperty("bytes").GetProperty("1").GetInt64().ShouldBe(0);
        seen.GetProperty("room").GetBoolean().ShouldBeTrue();
        seen.GetProperty("empty").ToString().ShouldBe("""["read-tools"]""");
        seen.GetProperty("stable").GetArrayLength().ShouldBe(0);
        seen.GetProperty("offsets").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Cluster_topics_and_groups_are_described_with_the_operations_that_are_allowed()
    {
        const int read = 1 << 3;
        const int write = 1 << 4;
        const int create = 1 << 5;
        var seen = await RunAsync("operations");
        seen.GetProperty("brokers").GetArrayLength().ShouldBe(1);
        seen.GetProperty("controller").GetBoolean().ShouldBeTrue();
        (seen.GetProperty("cluster").GetInt32() & create).ShouldBe(create);
        (seen.GetProperty("topic").GetInt32() & (read | write)).ShouldBe(read | write);
        (seen.GetProperty("group").GetInt32() & read).ShouldBe(read);
    }

    [Fact]
    public async Task Password_opens_the_hub_and_a_wrong_one_does_not()
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
