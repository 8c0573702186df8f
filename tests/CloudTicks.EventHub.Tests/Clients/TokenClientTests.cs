using System.Runtime.InteropServices;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>
/// Logging in by tokens with librdkafka, a client of others, and with the code by which our services log in to Azure Event Hubs: the
/// token comes from a managed identity, whose endpoint the issuer is.
/// </summary>
public sealed class TokenClientTests : IAsyncLifetime
{
    private const string Topic = "ticks";
    private const int MinRecords = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestCertificates _certificates = new();
    private TokenIssuer _issuer = null!;
    private RunningHub _hub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TokenIssuer.StartAsync(TimeSpan.FromSeconds(2));
        _hub = await RunningHub.StartAsync(null, null, [.. _issuer.Options, .. _certificates.Tls]);
        // As Azure Container Apps and Functions give a process its identity. No other test of this program has one.
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", $"{_issuer.Address}/identity");
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "secret of the platform");
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _issuer.DisposeAsync();
        _certificates.Dispose();
        _hub.Log.Lines.ShouldNotContain(line => line.Contains("eyJ", StringComparison.Ordinal), "so begins every token");
    }

    [Fact(Timeout = 120_000)]
    public async Task Tokens_are_renewed_and_keys_changed_while_records_flow_and_none_is_lost()
    {
        var connection = EventStreamConnection.Parse(
            $"Endpoint=https://localhost:{_hub.Address.Port}/;Scope=api://{TokenIssuer.Audience}/.default");
        connection.IsEventHubs.ShouldBeFalse();
        var producing = connection.ProducerConfig();
        (producing.SslCaLocation, producing.MessageTimeoutMs) = (_certificates.Authority, 0);
        producing.Set("allow.auto.create.topics", "true");
        var reading = connection.ConsumerConfig("g");
        (reading.SslCaLocation, reading.AutoOffsetReset) = (_certificates.Authority, AutoOffsetReset.Earliest);
        using var producer = new ProducerBuilder<Null, byte[]>(producing)
            .SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).BuildFor(connection);
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(reading)
            .SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).BuildFor(connection);

        var delivered = new List<Task<DeliveryResult<Null, byte[]>>>();
        var renewals = RenewAsync();
        while (!renewals.IsCompleted || delivered.Count < MinRecords)
        {
            var record = new Message<Null, byte[]> { Value = BitConverter.GetBytes(delivered.Count) };
            delivered.Add(producer.ProduceAsync(Topic, record, Cancellation));
            await delivered[^1];
            if (delivered.Count == 1)
            {
                consumer.Subscribe(Topic);
            }

            consumer.Consume(TimeSpan.Zero)?.Message.Value.ShouldNotBeNull();
        }

        await renewals;
        (await Task.WhenAll(delivered)).Select(report => report.Offset.Value)
            .ShouldBe(Enumerable.Range(0, delivered.Count).Select(i => (long)i));
        consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
        for (var i = 0; i < delivered.Count; i++)
        {
            BitConverter.ToInt32(consumer.Consume(Patience).ShouldNotBeNull().Message.Value).ShouldBe(i);
        }

        _issuer.KeyRequests.ShouldBeGreaterThanOrEqualTo(2, "the key was changed");
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetVariable(string name, string value, int overwrite);

    private async Task RenewAsync()
    {
        await _issuer.UntilIssuedAsync(4); // two clients
        _issuer.Rotate();
        await _issuer.UntilIssuedAsync(6);
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_that_is_kept_for_questions_does_not_come_with_a_token_that_has_ended()
    {
        // Long enough that a busy machine ends the client in the fifth that is left.
        _issuer.Lifetime = TimeSpan.FromSeconds(10);
        // librdkafka's own library of TLS reads the environment of the process, of which the framework has a copy.
        SetVariable("SSL_CERT_FILE", _certificates.Authority, 1).ShouldBe(0);
        var connection = EventStreamConnection.Parse($"Endpoint=https://localhost:{_hub.Address.Port}/;Scope=api://hub.test/.default");
        var producing = connection.ProducerConfig();
        producing.Set("allow.auto.create.topics", "true");
        using (var producer = new ProducerBuilder<Null, byte[]>(producing).BuildFor(connection))
        {
            await producer.ProduceAsync(Topic, new Message<Null, byte[]> { Value = [1] }, Cancellation);
        }

        using var positions = new StreamPositions(
            connection, TimeProvider.System, NullLogger<StreamPositions>.Instance)
        { KeepsClients = true };
        (await positions.GetWatermarksAsync(Topic, Cancellation)).ShouldHaveSingleItem();

        // The token's end, and some seconds in which a client that was still there would connect with it again and again.
        await Task.Delay(_issuer.Lifetime + TimeSpan.FromSeconds(4), TimeProvider.System, Cancellation);

        _hub.Log.Lines.ShouldNotContain(line => line.Contains("could not log in", StringComparison.Ordinal));
        (await positions.GetWatermarksAsync(Topic, Cancellation)).ShouldHaveSingleItem();
    }

    [Fact(Timeout = 120_000)]
    public async Task Token_for_another_hub_is_refused_and_the_client_is_told_so()
    {
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
        other.Log.Lines.ShouldContain(line => line.Contains("it is for another audience", StringComparison.Ordinal));
    }
}
