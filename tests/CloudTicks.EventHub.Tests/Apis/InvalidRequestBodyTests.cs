using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Apis;

/// <summary>
/// Sends invalid bodies to every advertised API and version: 25 to each by default, ten million in total in the long suite, or the total
/// that <c>CLOUDTICKS_STRANGE_REQUESTS</c> sets.
/// </summary>
public sealed class InvalidRequestBodyTests
{
    private const int MaxMegabytes = 600;
    private const int MaxSenders = 32;

    /// <summary>The maximum number of requests per API and version in one round, so that a long run soon covers all of them.</summary>
    private const int RequestsPerRound = 5000;

    /// <summary>Limits the topics that invalid requests create by chance, because listing them would dominate the time.</summary>
    private static readonly string[] FewPartitions = ["--EventHub:MaxPartitions", "500"];

    private static readonly int? RequestedCount =
        int.TryParse(
            Environment.GetEnvironmentVariable("CLOUDTICKS_STRANGE_REQUESTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var all)
            ? all : LongSuite.IsOn ? 10_000_000 : null;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_api_and_version_survives_invalid_requests()
    {
        await using var hub = await EventHubProcess.StartAsync(arguments: FewPartitions, cancellationToken: Cancellation);
        using var bystander = await WireClient.ConnectAsync(IPEndPoint.Parse(hub.BootstrapServers));
        (await TryAsync(hub, bystander, static _ => true)).ShouldBeGreaterThan(1500);
    }

    /// <summary>The connections are not logged in; on some of them a login has started.</summary>
    [Fact]
    public async Task Login_survives_invalid_requests()
    {
        using var users = new TestUsers();
        await using var hub = await EventHubProcess.StartAsync(
            arguments: [.. FewPartitions, .. users.Options], cancellationToken: Cancellation);
        using var bystander = await WireClient.ConnectAsync(IPEndPoint.Parse(hub.BootstrapServers));
        (await bystander.HandshakeAsync()).Error.ShouldBe(ErrorCode.None);
        (await bystander.AuthenticateAsync(SaslCalls.Token(TestUsers.Name, TestUsers.Password))).Error.ShouldBe(ErrorCode.None);
        (await TryAsync(hub, bystander, static key => key is ApiKey.SaslHandshake or ApiKey.SaslAuthenticate)).ShouldBeGreaterThan(100);
    }

    private static async Task<int> TryAsync(EventHubProcess hub, WireClient bystander, Func<ApiKey, bool> isTried)
    {
        (await bystander.CreateTopicAsync("kept")).ShouldBe(ErrorCode.None);
        (await bystander.ProduceAsync("kept", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
        var advertisedVersions = await AdvertisedAsync(bystander);
        var requestsPerVersion = RequestedCount is { } all ? (all + advertisedVersions.Count - 1) / advertisedVersions.Count : 25;
        var sentRequests = 0;
        for (var round = 0; round * RequestsPerRound < requestsPerVersion; round++)
        {
            var count = Math.Min(RequestsPerRound, requestsPerVersion - (round * RequestsPerRound));
            foreach (var (key, version) in advertisedVersions.Where(a => isTried(a.Key)))
            {
                var answeredCount = await SendAsync(hub, key, version, round, count);
                sentRequests += count;
                TestContext.Current.TestOutputHelper?.WriteLine($"{key} {version}: {answeredCount} of {count} answered; ".PadRight(60)
                    + $"{sentRequests} requests, peak memory of the event hub {HubMemory.PeakMegabytes(hub)} MB");
                HubMemory.PeakMegabytes(hub).ShouldBeLessThan(MaxMegabytes);
                (await bystander.ListOffsetAsync("kept", 0, -2).WaitAsync(InvalidRequestSender.ResponseTimeout, Cancellation))
                    .ShouldBe((ErrorCode.None, 0L), $"after {key} version {version}");
            }
        }

        hub.Log.ShouldNotContain(line => line.Contains("internal error", StringComparison.Ordinal));
        hub.Exited.IsCompleted.ShouldBeFalse();
        return sentRequests;
    }

    /// <returns>The number of requests that were answered. An unanswered request closed its connection, or needs no response.</returns>
    private static async Task<int> SendAsync(EventHubProcess hub, ApiKey key, short version, int round, int count)
    {
        var senders = Math.Clamp(count / 8, 1, MaxSenders);
        try
        {
            return (await Task.WhenAll(Enumerable.Range(0, senders).Select(i => Task.Factory.StartNew(
                () =>
                {
                    var seed = (((((round * 100) + (int)key) * 100) + version) * MaxSenders) + i;
                    using var sender = new InvalidRequestSender(IPEndPoint.Parse(hub.BootstrapServers), key, version, seed);
                    sender.Send(((count - i - 1) / senders) + 1);
                    return sender.Answered;
                },
                Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)))).Sum();
        }
        catch (SocketException e)
        {
            throw new InvalidOperationException(
                $"{key} version {version}: the event hub is not reachable. {string.Join('\n', hub.Log.TakeLast(30))}", e);
        }
    }

    private static async Task<List<(ApiKey Key, short Version)>> AdvertisedAsync(WireClient client)
    {
        var reader = new WireReader(await client.CallAsync(ApiKey.ApiVersions, 0, static _ => { }));
        reader.ReadInt16().ShouldBe((short)0);
        var all = new List<(ApiKey, short)>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (key, first, last) = (reader.ReadInt16(), reader.ReadInt16(), reader.ReadInt16());
            for (var version = first; version <= last; version++)
            {
                all.Add(((ApiKey)key, version));
            }
        }

        return all;
    }
}
