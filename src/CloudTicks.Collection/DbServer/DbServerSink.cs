using System.Collections.Concurrent;
using System.Text.Json;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.DbServer;

/// <summary>
/// Sends records to a server over HTTP: one request for each ticker, kind and batch. Records of one partition go one after another, so that
/// each ticker's ticks come in their order; of different partitions <see cref="Places"/> at a time. It holds <see cref="Slots"/> records at
/// most; when they are taken, the caller waits. What the server refuses for good is kept in a file, and the stream goes on.
/// </summary>
internal sealed class DbServerSink : IRecordSink, IAsyncDisposable
{
    private const int Places = 8;
    private const int Slots = 128;

    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(5);

    private readonly Uri _server;
    private readonly DbServerClient _client;
    private readonly DbServerOutage _outage;
    private readonly DbServerMetrics _metrics;
    private readonly LetterFile _refused;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _slots = new(Slots);
    private readonly SemaphoreSlim _places = new(Places);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<SaveRequests> _idle = [];
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Task> _last = [];
    private int _refusalLogged;

    public DbServerSink(Uri server, string? key, LetterFile refused, DbServerMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_server, _refused, _metrics, _time, _logger) = (server, refused, metrics, time, logger);
        _outage = new DbServerOutage(server, time, logger);
        _client = new DbServerClient(server, key, Places, _outage, metrics, time);
    }

    public TimeSpan? AwayFor => _outage.AwayFor;

    public async ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        if (record.Content != RecordContent.Ticks)
        {
            // The interface knows ticks only; the ledger keeps the gaps on its own disk.
            return Task.CompletedTask;
        }

        await _slots.WaitAsync(cancellationToken);
        lock (_gate)
        {
            var sent = SendInTurnAsync(_last.GetValueOrDefault(record.Partition, Task.CompletedTask), record);
            _last[record.Partition] = sent;
            return sent;
        }
    }

    /// <summary>Ends the attempts; what the server has not answered for fails.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] last;
        lock (_gate)
        {
            last = [.. _last.Values];
        }

        await Task.WhenAll(last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _refused.Dispose();
        _slots.Dispose();
        _places.Dispose();
        _stopping.Dispose();
    }

    private async Task SendInTurnAsync(Task before, OutgoingRecord record)
    {
        try
        {
            // The caller holds locks; and when the one before has failed, everything is being stopped.
            await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await _places.WaitAsync(_stopping.Token);
            try
            {
                foreach (var request in Requests(record))
                {
                    await SendAsync(request, _stopping.Token);
                }
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    private IReadOnlyList<SaveRequest> Requests(OutgoingRecord record)
    {
        var reader = _idle.TryTake(out var idle) ? idle : new SaveRequests();
        try
        {
            return reader.Read(record.Value);
        }
        catch (TickBatchFormatException damaged)
        {
            // Written by ourselves, so only a disk can have done it; the spool's own check finds that first.
            _metrics.Refused(record.Ticks, 0);
            _logger.RecordUnreadable(damaged.Message);
            return [];
        }
        finally
        {
            _idle.Add(reader);
        }
    }

    private async Task SendAsync(SaveRequest request, CancellationToken cancellationToken)
    {
        var body = request.Complete();
        var answer = await _client.PostAsync(body, cancellationToken);
        if (answer.IsSaved)
        {
            _metrics.Sent(request.Count);
            return;
        }

        await KeepAsync(answer, body, cancellationToken);
        _metrics.Refused(request.Count, answer.Status);
        if (Interlocked.Exchange(ref _refusalLogged, 1) == 0)
        {
            _logger.BatchRefused(_server.Authority, request.Count, request.Symbol, answer.Reason, _refused.Path);
        }
    }

    private async Task KeepAsync(DbServerAnswer answer, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _refused.AddAsync(json => Write(json, answer, body), cancellationToken);
                _outage.Answered();
                return;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                _outage.Failed($"it refuses a batch, and {_refused.Path} cannot be written: {problem.Message}");
                await Task.Delay(BetweenWrites, _time, cancellationToken);
            }
        }
    }

    private static void Write(Utf8JsonWriter json, DbServerAnswer answer, ReadOnlyMemory<byte> body)
    {
        json.WriteNumber("status"u8, answer.Status);
        json.WriteString("reason"u8, answer.Reason);
        json.WritePropertyName("request"u8);
        json.WriteRawValue(body.Span, skipInputValidation: true);
    }
}
