using System.Net;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Apis;

/// <summary>Every API and version that the hub advertises, with bodies that lie.</summary>
public sealed class StrangeRequestTests : IAsyncLifetime
{
    private const int MostMegabytes = 600;

    /// <summary>Of each API and version: ten million requests with those that the hub has.</summary>
    private const int LongSeeds = 75_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private EventHubProcess _hub = null!;

    public async ValueTask InitializeAsync() =>
        _hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public async Task Every_api_and_version_survives_requests_that_lie()
    {
        var address = IPEndPoint.Parse(_hub.BootstrapServers);
        using var bystander = await WireClient.ConnectAsync(address);
        (await bystander.CreateTopicAsync("kept")).ShouldBe(ErrorCode.None);
        (await bystander.ProduceAsync("kept", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
        var tried = 0;
        foreach (var (key, version) in await AdvertisedAsync(bystander))
        {
            var seeds = Enumerable.Range(0, LongSuite.Or(25, LongSeeds));
            var together = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken };
            await Parallel.ForEachAsync(seeds, together, async (seed, _) =>
            {
                var body = new StrangeRequest(new Random((((key * 100) + version) * LongSeeds) + seed)).Body();
                await TryAsync(address, key, version, body, seed);
                Interlocked.Increment(ref tried);
            });

            (await bystander.ListOffsetAsync("kept", 0, -2)).ShouldBe((ErrorCode.None, 0L), $"after API {key} version {version}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} requests; the hub took {Megabytes()} MB at most");
        _hub.Log.ShouldNotContain(line => line.Contains("failure of ours", StringComparison.Ordinal));
        _hub.Exited.IsCompleted.ShouldBeFalse();
        Megabytes().ShouldBeLessThan(MostMegabytes);
        tried.ShouldBeGreaterThan(1500);
    }

    /// <summary>Sends one request and the end of what may be sent: the hub closes the connection, whatever it answered before.</summary>
    private static async Task TryAsync(IPEndPoint address, short key, short version, byte[] body, int seed)
    {
        using var hostile = await WireClient.ConnectAsync(address);
        try
        {
            await hostile.SendAsync((ApiKey)key, version, w => Array.ForEach(body, b => w.WriteInt8((sbyte)b)));
            await hostile.SendAsync(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF });
        }
        catch (IOException)
        {
            return; // closed already
        }

        try
        {
            while (await hostile.ReceiveAsync().WaitAsync(Patience, TestContext.Current.CancellationToken) is not null)
            {
                // Whatever it answers.
            }
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException(
                $"API {key} version {version}, seed {seed}: the connection stays open. Body: {Convert.ToHexString(body)}");
        }
    }

    private static async Task<List<(short Key, short Version)>> AdvertisedAsync(WireClient client)
    {
        var reader = new WireReader(await client.CallAsync(ApiKey.ApiVersions, 0, static _ => { }));
        reader.ReadInt16().ShouldBe((short)0);
        var all = new List<(short, short)>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (key, least, most) = (reader.ReadInt16(), reader.ReadInt16(), reader.ReadInt16());
            for (var version = least; version <= most; version++)
            {
                all.Add((key, version));
            }
        }

        return all;
    }

    /// <summary>The most memory that the hub's process ever held; 0 where the system does not tell.</summary>
    private long Megabytes()
    {
        foreach (var process in OperatingSystem.IsLinux() ? Directory.GetDirectories("/proc").Where(p => char.IsAsciiDigit(p[^1])) : [])
        {
            try
            {
                if (File.ReadAllText(Path.Combine(process, "cmdline")).Contains(_hub.DataFolder, StringComparison.Ordinal))
                {
                    var line = File.ReadLines(Path.Combine(process, "status"))
                        .Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
                    return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                        System.Globalization.CultureInfo.InvariantCulture) / 1024;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another process, gone in this moment.
            }
        }

        return 0;
    }
}
