using System.Text.Json;
using CloudTicks.Collection.DbServer;
using CloudTicks.Collection.Redis;
using CloudTicks.Collection.Storage;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging;
using ServiceDefaults.Clients;

namespace CloudTicks.Collection.Outlets;

/// <summary>Creates the outlet to an HTTP server. Refused requests and rejected elements are kept in files.</summary>
internal sealed class DbServerOutletFactory(
    DbServerMetrics metrics, TimeProvider time, ILogger<OutletFactory> logger, ILogger<DbServerSink> sinkLogger, RedisOutlet? redis = null)
{
    private const string RefusedFile = "db-server-refused.jsonl";
    private const string RejectedFile = "rejected.jsonl";

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private bool _isFailureLogged;

    public Outlet Open(string address, DataFolder folder)
    {
        var server = DbServerAddress.Parse(address);
        var refusedFile = new DeadLetterFile(Path.Combine(folder.Path, RefusedFile), time, folder.Disk);
        var rejectedFile = new DeadLetterFile(Path.Combine(folder.Path, RejectedFile), time, folder.Disk);
        var sink = new DbServerSink(server, ServiceKey.OfEnvironment(), refusedFile, metrics, time, sinkLogger);
        return new Outlet
        {
            Name = $"the server at {server.Authority}",
            Sink = sink,
            Partitions = ArchiveTopics.ArchivePartitions,
            Linger = Linger,
            Spool = new SpoolFolders(folder, logger).Choose(SpoolFolders.DbServer, SpoolDestination.Of(server)),
            WriteDeadLetterAsync = (raw, reason) => StoreRejectedAsync(rejectedFile, raw, reason),
            Redis = redis,
            RefusedTicks = () => metrics.RefusedTicks,
            Owned = sink,
        };
    }

    /// <summary>Keeps a rejected element in a file. A failed write is logged once and does not block the feed.</summary>
    private async Task StoreRejectedAsync(DeadLetterFile file, ReadOnlyMemory<byte> raw, string reason)
    {
        try
        {
            await file.AddAsync(json => Write(json, raw, reason), CancellationToken.None);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (!_isFailureLogged)
            {
                _isFailureLogged = true;
                logger.RejectedNotStored(file.Path, problem.Message);
            }
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlyMemory<byte> raw, string reason)
    {
        json.WriteString("reason"u8, reason);
        if (System.Text.Unicode.Utf8.IsValid(raw.Span))
        {
            json.WriteString("element"u8, raw.Span);
        }
        else
        {
            json.WriteBase64String("element_base64"u8, raw.Span);
        }
    }
}
