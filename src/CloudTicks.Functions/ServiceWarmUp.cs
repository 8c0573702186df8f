using CloudTicks.EventStream;
using CloudTicks.Functions.Publishing;
using CloudTicks.Functions.Storing;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions;

/// <summary>
/// Warms up before the service reports ready: opens the archive, stores made-up ticks in a transaction that is rolled back, and encodes
/// messages without publishing them.
/// </summary>
internal sealed class ServiceWarmUp(
    SchemaReadiness schema, ArchiveStream archive, StoreWarmUp store, NatsPublisher publisher, PublishTicksHandler publishing,
    TimeProvider time, ILogger<ServiceWarmUp> logger) : BackgroundService
{
    private const int Ticks = 20;

    /// <summary>The number of messages to encode: the runtime optimises methods after thirty calls.</summary>
    private const int MessageCount = 40;

    /// <summary>The time limit once the database has the schema: an unavailable event hub must not prevent the start.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private volatile bool _isDone;

    /// <summary>Whether the warm-up has ended, successfully or not.</summary>
    public bool IsDone => _isDone;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Encode messages in parallel with the schema check, which mostly waits for the database.
        var encoding = Task.Run(EncodeMessages, stoppingToken);
        await schema.WaitAsync(stoppingToken);
        using var timeout = new CancellationTokenSource(MaxWait, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
        try
        {
            await Task.WhenAll(
                encoding, archive.OpenAsync(0, ending.Token), store.RunAsync(Record, ending.Token), WarmUpConfirmationAsync(ending.Token));
        }
        catch (Exception problem) when (!stoppingToken.IsCancellationRequested && problem is NpgsqlException or EventStreamException
            or MessagingException or StreamTruncatedException or OperationCanceledException)
        {
            logger.NotWarmedUp(problem.Message);
        }

        _isDone = true;
    }

    private void EncodeMessages()
    {
        var messages = new TickMessages();
        for (var count = 0; count < MessageCount; count++)
        {
            messages.Read(Record(0));
        }
    }

    /// <summary>Warms up the code that waits for the server's confirmation, without sending a message.</summary>
    private Task WarmUpConfirmationAsync(CancellationToken cancellationToken) =>
        publisher.IsConnected ? publishing.PublishAsync([], cancellationToken) : Task.CompletedTask;

    private byte[] Record(int partition)
    {
        if (!Symbol.TryParse("EURUSD", out var symbol))
        {
            throw new InvalidOperationException("EURUSD must be a valid symbol.");
        }

        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var builder = new TickBatchBuilder(partition, TickSource.Live);
        for (var number = 0; number < Ticks; number++)
        {
            builder.Add(new Tick
            {
                Symbol = symbol,
                Kind = TickKind.Quote,
                Fields = TickFields.Bid | TickFields.Ask,
                TimestampMs = nowMs,
                ReceivedMs = nowMs,
                Bid = Price.Create((partition * Ticks) + number + 1, 5),
                Ask = Price.Create((partition * Ticks) + number + 2, 5),
            });
        }

        return builder.ToRecord();
    }
}
