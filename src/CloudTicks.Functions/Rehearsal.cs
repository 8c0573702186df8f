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
/// Does what the first ticks would wait for, before the service says that it is ready: opens the archive, and takes made-up ticks to the
/// commit, where they are rolled back, and to the message, which is not published.
/// </summary>
internal sealed class Rehearsal(
    SchemaReadiness schema, ArchiveStream archive, StoreRehearsal store, NatsPublisher publisher, PublishTicksHandler publishing,
    TimeProvider time, ILogger<Rehearsal> logger) : BackgroundService
{
    private const int Ticks = 20;

    /// <summary>Methods that were called thirty times are compiled again with optimization.</summary>
    private const int Messages = 40;

    /// <summary>A server that is away must not keep the service from starting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private volatile bool _isDone;

    /// <summary>Whether it has ended, well or not.</summary>
    public bool IsDone => _isDone;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Beside the look at the schema, which waits for the database most of the time.
        var reading = Task.Run(ReadMessages, stoppingToken);
        await schema.WaitAsync(stoppingToken);
        using var patience = new CancellationTokenSource(Patience, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stoppingToken);
        try
        {
            await Task.WhenAll(
                reading, archive.OpenAsync(0, ending.Token), store.RunAsync(Record, ending.Token), ConfirmNothingAsync(ending.Token));
        }
        catch (Exception problem) when (!stoppingToken.IsCancellationRequested && problem is NpgsqlException or EventStreamException
            or MessagingException or StreamWentBackException or OperationCanceledException)
        {
            logger.NotRehearsed(problem.Message);
        }

        _isDone = true;
    }

    private void ReadMessages()
    {
        var messages = new TickMessages();
        for (var count = 0; count < Messages; count++)
        {
            messages.Read(Record(0));
        }
    }

    /// <summary>As behind messages, of which there are none.</summary>
    private Task ConfirmNothingAsync(CancellationToken cancellationToken) =>
        publisher.IsConnected ? publishing.PublishAsync([], cancellationToken) : Task.CompletedTask;

    private byte[] Record(int partition)
    {
        if (!Symbol.TryParse("EURUSD", out var symbol))
        {
            throw new InvalidOperationException("EURUSD is a symbol.");
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
