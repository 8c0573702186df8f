using System.Collections.Concurrent;
using System.Text.Json;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.DbServer;

/// <summary>
/// Sends records to a server over HTTP, one request per ticker, kind and batch. Records of one partition are sent one after another, to
/// keep each ticker's ticks in order. At most <see cref="MaxConcurrentRecords"/> records are sent at a time. When the sink holds
/// <see cref="MaxRecords"/> records, the caller waits. Requests that the server refuses permanently are kept in a file.
/// </summary>
internal sealed class DbServerSink : IRecordSink, IAsyncDisposable
{
    private const int MaxConcurrentRecords = 8;
    private const int MaxRecords = 128;

    private static readonly TimeSpan WriteRetryDelay = TimeSpan.FromSeconds(5);

    private readonly Uri _server;
    private readonly DbServerClient _client;
    private readonly DbServerOutage _outage;
    private readonly DbServerMetrics _metrics;
    private readonly DeadLetterFile _refusedFile;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _slots = new(MaxRecords);
    private readonly SemaphoreSlim _concurrency = new(MaxConcurrentRecords);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<SaveRequestReader> _idleReaders = [];
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Task> _lastByPartition = [];
    private int _refusalLogged;

    public DbServerSink(Uri server, string? key, DeadLetterFile refused, DbServerMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_server, _refusedFile, _metrics, _time, _logger) = (server, refused, metrics, time, logger);
        _outage = new DbServerOutage(server, time, logger);
        _client = new DbServerClient(server, key, MaxConcurrentRecords, _outage, metrics, time);
    }

    public TimeSpan? UnavailableFor => _outage.UnavailableFor;

    public async ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        if (record.Content != RecordContent.Ticks)
        {
            // The server accepts only ticks. Gaps stay in the ledger on this collector's disk.
            return Task.CompletedTask;
        }

        await _slots.WaitAsync(cancellationToken);
        lock (_gate)
        {
            var sending = SendAfterAsync(_lastByPartition.GetValueOrDefault(record.Partition, Task.CompletedTask), record);
            _lastByPartition[record.Partition] = sending;
            return sending;
        }
    }

    /// <summary>Stops retrying; requests without a response fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] last;
        lock (_gate)
        {
            last = [.. _lastByPartition.Values];
        }

        await Task.WhenAll(last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _refusedFile.Dispose();
        _slots.Dispose();
        _concurrency.Dispose();
        _stopping.Dispose();
    }

    private async Task SendAfterAsync(Task previous, OutgoingRecord record)
    {
        try
        {
            // Yields, because the caller holds locks. Throws if the previous record failed, which happens only while the sink stops.
            await previous.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await _concurrency.WaitAsync(_stopping.Token);
            try
            {
                foreach (var request in ReadRequests(record))
                {
                    await SendAsync(request, _stopping.Token);
                }
            }
            finally
            {
                _concurrency.Release();
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    private IReadOnlyList<SaveRequest> ReadRequests(OutgoingRecord record)
    {
        var reader = _idleReaders.TryTake(out var idle) ? idle : new SaveRequestReader();
        try
        {
            return reader.Read(record.Value);
        }
        catch (TickBatchFormatException exception)
        {
            // Only a damaged disk can cause this, and the spool's checksum should have detected the damage first.
            _metrics.Refused(record.Ticks, 0);
            _logger.RecordUnreadable(exception.Message);
            return [];
        }
        finally
        {
            _idleReaders.Add(reader);
        }
    }

    private async Task SendAsync(SaveRequest request, CancellationToken cancellationToken)
    {
        var body = request.Complete();
        var response = await _client.PostAsync(body, cancellationToken);
        if (response.IsSaved)
        {
            _metrics.Sent(request.Count);
            return;
        }

        await StoreRefusedAsync(response, body, cancellationToken);
        _metrics.Refused(request.Count, response.Status);
        if (Interlocked.Exchange(ref _refusalLogged, 1) == 0)
        {
            _logger.BatchRefused(_server.Authority, request.Count, request.Symbol, response.Reason, _refusedFile.Path);
        }
    }

    private async Task StoreRefusedAsync(DbServerResponse response, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _refusedFile.AddAsync(json => Write(json, response, body), cancellationToken);
                _outage.End();
                return;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                _outage.Failed($"it refused a batch, and {_refusedFile.Path} cannot be written: {problem.Message}");
                await Task.Delay(WriteRetryDelay, _time, cancellationToken);
            }
        }
    }

    private static void Write(Utf8JsonWriter json, DbServerResponse response, ReadOnlyMemory<byte> body)
    {
        json.WriteNumber("status"u8, response.Status);
        json.WriteString("reason"u8, response.Reason);
        json.WritePropertyName("request"u8);
        json.WriteRawValue(body.Span, skipInputValidation: true);
    }
}
