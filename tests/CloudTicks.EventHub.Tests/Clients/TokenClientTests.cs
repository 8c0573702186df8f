using System.Runtime.InteropServices;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>
/// Token logins with librdkafka, and with the code that our services use for Azure Event Hubs: the token is issued for a managed identity,
/// whose endpoint the test issuer provides.
/// </summary>
public sealed class TokenClientTests : IAsyncLifetime
{
    private const string Topic = "ticks";
    private const int MinRecords = 200;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly TestCertificates _certificates = new();
    private TokenIssuer _issuer = null!;
    private RunningHub _hub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TokenIssuer.StartAsync(TimeSpan.FromSeconds(2));
        _hub = await RunningHub.StartAsync(null, null, [.. _issuer.Options, .. _certificates.Tls]);
        // Azure Container Apps and Functions provide the identity in this way. No other test in this project uses a managed identity.
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", $"{_issuer.Address}/identity");
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "secret of the platform");
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _issuer.DisposeAsync();
        _certificates.Dispose();
        _hub.Log.Lines.ShouldNotContain(line => line.Contains("eyJ", StringComparison.Ordinal), "every token begins with this");
    }

    [Fact(Timeout = 240_000)]
    public async Task Token_renewal_and_key_rotation_lose_no_record()
    {
        var connection = EventStreamConnection.Parse(
            $"Endpoint=https://localhost:{_hub.Address.Port}/;Scope=api://{TokenIssuer.Audience}/.default");
        connection.IsEventHubs.ShouldBeFalse();
        var producerConfig = connection.ProducerConfig();
        (producerConfig.SslCaLocation, producerConfig.MessageTimeoutMs) = (_certificates.Authority, 0);
        producerConfig.Set("allow.auto.create.topics", "true");
        var consumerConfig = connection.ConsumerConfig("g");
        (consumerConfig.SslCaLocation, consumerConfig.AutoOffsetReset) = (_certificates.Authority, AutoOffsetReset.Earliest);
        using var producer = new ProducerBuilder<Null, byte[]>(producerConfig)
            .SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).BuildFor(connection);
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(consumerConfig)
            .SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).BuildFor(connection);

        var deliveries = new List<Task<DeliveryResult<Null, byte[]>>>();
        var renewals = RenewAsync();
        while (!renewals.IsCompleted || deliveries.Count < MinRecords)
        {
            var record = new Message<Null, byte[]> { Value = BitConverter.GetBytes(deliveries.Count) };
            deliveries.Add(producer.ProduceAsync(Topic, record, Cancellation));
            await deliveries[^1];
            if (deliveries.Count == 1)
            {
                consumer.Subscribe(Topic);
            }

            consumer.Consume(TimeSpan.Zero)?.Message.Value.ShouldNotBeNull();
        }

        await renewals;
        (await Task.WhenAll(deliveries)).Select(report => report.Offset.Value)
            .ShouldBe(Enumerable.Range(0, deliveries.Count).Select(i => (long)i));
        consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
        for (var i = 0; i < deliveries.Count; i++)
        {
            BitConverter.ToInt32(consumer.Consume(MaxWait).ShouldNotBeNull().Message.Value).ShouldBe(i);
        }

        _issuer.KeyRequests.ShouldBeGreaterThanOrEqualTo(2, "the key was rotated");
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetVariable(string name, string value, int overwrite);

    private async Task RenewAsync()
    {
        await _issuer.UntilIssuedAsync(4); // four tokens for two clients: at least one client has renewed its token
        _issuer.Rotate();
        await _issuer.UntilIssuedAsync(6);
    }

    [Fact(Timeout = 240_000)]
    public async Task Cached_client_does_not_reconnect_with_expired_token()
    {
        // The cached client must be closed in the last fifth of the token's lifetime: nine seconds, which are enough on a loaded machine.
        _issuer.Lifetime = TimeSpan.FromSeconds(45);
        // librdkafka's TLS library reads the environment of the process, but .NET only changes its own copy of the environment.
        SetVariable("SSL_CERT_FILE", _certificates.Authority, 1).ShouldBe(0);
        var connection = EventStreamConnection.Parse($"Endpoint=https://localhost:{_hub.Address.Port}/;Scope=api://hub.test/.default");
        var producerConfig = connection.ProducerConfig();
        producerConfig.Set("allow.auto.create.topics", "true");
        using (var producer = new ProducerBuilder<Null, byte[]>(producerConfig).BuildFor(connection))
        {
            await producer.ProduceAsync(Topic, new Message<Null, byte[]> { Value = [1] }, Cancellation);
        }

        using var positions = new StreamPositions(
            connection, TimeProvider.System, NullLogger<StreamPositions>.Instance)
        { CachesClients = true };
        (await positions.GetWatermarksAsync(Topic, Cancellation)).ShouldHaveSingleItem();

        // Wait for the token's expiry and a few seconds more, in which a client that was not closed would reconnect repeatedly.
        await Task.Delay(_issuer.Lifetime + TimeSpan.FromSeconds(4), TimeProvider.System, Cancellation);

        _hub.Log.Lines.ShouldNotContain(line => line.Contains("could not log in", StringComparison.Ordinal));
        (await positions.GetWatermarksAsync(Topic, Cancellation)).ShouldHaveSingleItem();
    }

    [Fact(Timeout = 240_000)]
    public async Task Token_with_other_audience_is_refused()
    {
        // An expired token would be refused for another reason. The identity library caches tokens that are valid for over five minutes,
        // also for the next test, whose event hub would refuse them.
        _issuer.Lifetime = TimeSpan.FromMinutes(1);
        await using var other = await RunningHub.StartAsync(
            null, null, [.. _issuer.Options, .. _certificates.Tls, "--EventHub:TokenAudience", "another hub"]);
        var connection = EventStreamConnection.Parse($"Endpoint=https://localhost:{other.Address.Port}/;Scope=api://hub.test/.default");
        var config = connection.AdminConfig();
        config.SslCaLocation = _certificates.Authority;
        var refused = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig(config))
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler((_, error) =>
            {
                if (error.Code == Confluent.Kafka.ErrorCode.Local_Authentication)
                {
                    refused.TrySetResult(error.Reason);
                }
            })
            .BuildFor(connection);

        (await refused.Task.WaitAsync(Cancellation)).ShouldContain("invalid_token");
        // On a busy machine the event hub may refuse the first token because it has not read the issuer's keys yet. The client tries again.
        await other.Log.UntilLineAsync("its audience does not include EventHub__TokenAudience");
    }
}
