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
    public async Task Records_come_back_as_they_were_sent(string codec) => SeenRecord.ShouldBeAll(await RunAsync("records", codec), partitions: 3, each: 300);

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
