using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>kcat, the command-line tool of librdkafka.</summary>
public sealed class KcatTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private EventHubProcess _hub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Records_are_read_as_sent(string codec)
    {
        var sent = Enumerable.Range(0, 2000).Select(i => $"key {i % 7}:value {i}").ToList();
        await ProduceAsync(sent, "-K:", "-H", "feed=simulated", "-X", "enable.idempotence=true", "-z", codec);
        var seen = await RunAsync("-C", "-t", "ticks", "-o", "beginning", "-e", "-q", "-X", "check.crcs=true", "-f", "%o %h %k:%s\\n");
        seen.ShouldBe(sent.Select((record, i) => $"{i} feed=simulated {record}"));
    }

    [Fact]
    public async Task Large_record_is_read_completely()
    {
        var big = new string('b', 5_000_000);
        await ProduceAsync([big], "-X", "message.max.bytes=8000000");
        (await RunAsync("-C", "-t", "ticks", "-o", "beginning", "-e", "-q", "-X", "fetch.message.max.bytes=8000000")).ShouldBe([big]);
    }

    [Fact]
    public async Task Group_continues_at_its_commit()
    {
        await ProduceAsync(["a", "b", "c"]);
        (await GroupAsync(2)).ShouldBe(["a", "b"]);
        (await GroupAsync(1)).ShouldBe(["c"]);

        Task<string[]> GroupAsync(int count) =>
            RunAsync("-G", "readers", "-c", $"{count}", "-q", "-X", "auto.offset.reset=earliest", "-X", "enable.auto.commit=true", "ticks");
    }

    [Fact]
    public async Task Metadata_and_timestamp_lookup_are_reported()
    {
        await ProduceAsync(["a", "b"]);
        (await RunAsync("-L")).ShouldContain(line => line.Contains("topic \"ticks\" with 1 partitions", StringComparison.Ordinal));
        (await RunAsync("-Q", "-t", "ticks:0:1")).ShouldContain(line => line.Contains("offset 0", StringComparison.Ordinal));
        (await RunAsync("-Q", "-t", "ticks:0:-1")).ShouldContain(line => line.Contains("offset 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Correct_password_is_accepted()
    {
        using var users = new TestUsers();
        await using var secured = await EventHubProcess.StartAsync(arguments: users.Options, cancellationToken: Cancellation);
        (await RunAsync("-b", secured.BootstrapServers, "-L", "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanisms=PLAIN",
            "-X", $"sasl.username={TestUsers.Name}", "-X",
            $"sasl.password={TestUsers.Password}")).ShouldContain(line => line.Contains(" 1 brokers", StringComparison.Ordinal));
    }

    private async Task ProduceAsync(IEnumerable<string> records, params string[] arguments)
    {
        var file = _folder.File("records");
        await File.WriteAllLinesAsync(file, records, Cancellation);
        await RunAsync(["-P", "-t", "ticks", "-l", file, .. arguments]);
    }

    private async Task<string[]> RunAsync(params string[] arguments)
    {
        var (exitCode, output, complaints) = await Kcat.RunAsync(["-b", _hub.BootstrapServers, .. arguments], _folder.Path, Cancellation);
        exitCode.ShouldBe(0, complaints);
        return output.Length == 0 ? [] : output.Split('\n');
    }
}
