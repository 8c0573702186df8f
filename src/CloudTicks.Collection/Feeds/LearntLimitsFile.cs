using System.Text.Json;
using CloudTicks.Foundations.Disks;
using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Feeds;

/// <summary>Stores the learnt connection limits of the server in <c>limits.json</c> of the data folder.</summary>
internal sealed class LearntLimitsFile(ILogger<LearntLimitsFile> logger) : ILearntLimits
{
    private const string FileName = "limits.json";

    private readonly Lock _lock = new();
    private Dictionary<string, LearntLimit> _limits = [];
    private string? _path;
    private Disk _disk = new();

    /// <summary>Reads the limits that an earlier run learnt. If the file is unreadable, the limits are learnt again.</summary>
    public void Open(string folder, Disk? disk = null)
    {
        lock (_lock)
        {
            _disk = disk ?? _disk;
            _path = Path.Combine(folder, FileName);
            try
            {
                if (File.Exists(_path))
                {
                    _limits = JsonSerializer.Deserialize<Dictionary<string, LearntLimit>>(File.ReadAllBytes(_path)) ?? [];
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
            {
                logger.LimitsFileUnusable(_path, exception.Message);
            }
        }
    }

    public LearntLimit? Read(Market market)
    {
        lock (_lock)
        {
            return _limits.GetValueOrDefault(market.Path()) is { Connections: > 0 } limit ? limit : null;
        }
    }

    public void Write(Market market, LearntLimit? limit)
    {
        lock (_lock)
        {
            if (limit is null)
            {
                _limits.Remove(market.Path());
            }
            else
            {
                _limits[market.Path()] = limit;
            }

            if (_path is null)
            {
                return;
            }

            try
            {
                _disk.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(_limits));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                logger.LimitsFileUnusable(_path, exception.Message);
            }
        }
    }
}
