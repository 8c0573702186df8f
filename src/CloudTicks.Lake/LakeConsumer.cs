using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Topics;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Retaining;
using CloudTicks.Lake.Writing;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Lake;

/// <summary>The consumer of the archive that writes the lake.</summary>
public sealed class LakeConsumer : IDisposable
{
    private readonly LakeWriter? _writer;
    private readonly ILogger _logger;
    private bool _isAbsenceLogged;

    internal LakeConsumer(
        EventStreamConnection connection, StreamPositions positions, RecordConsumer records, IOptions<LakeOptions> options,
        Func<string, string?> variable, LakeMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        _logger = loggers.CreateLogger<LakeConsumer>();
        if (options.Value.Location is { } location)
        {
            var archive = new ArchiveReader(connection, positions, records, loggers.CreateLogger<ArchiveReader>());
            var store = LakeStores.Open(location, options.Value.CacheFolder, options.Value.CacheBytes, variable, time);
            var files = new ParquetFiles(new DuckDbSettings
            {
                MemoryBytes = options.Value.MemoryBytes,
                TemporaryFolder = store.TemporaryFolder,
            });
            var topicTrimmer = new TopicTrimmer(connection, positions, loggers.CreateLogger<TopicTrimmer>());
            var archiveRetention = new ArchiveRetention(store, positions, topicTrimmer, options.Value, time, _logger);
            _writer = new LakeWriter(store, files, archive, options.Value, metrics, time, _logger, archiveRetention);
        }
    }

    /// <summary>The lake's status; null if no lake is configured.</summary>
    public LakeStatus? Status => _writer?.Status;

    /// <summary>Writes new records of the archive to the lake, at most once per interval; calls in between do nothing.</summary>
    /// <param name="cancellationToken">Cancels the call; the next call writes the rest.</param>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null)
        {
            return _writer.RunAsync(cancellationToken);
        }

        if (!_isAbsenceLogged)
        {
            _isAbsenceLogged = true;
            _logger.NoLake();
        }

        return Task.CompletedTask;
    }

    /// <summary>Releases the lake's lock.</summary>
    public void Dispose() => _writer?.Dispose();
}
