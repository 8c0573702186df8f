using System.Text.Json;
using CloudTicks.Foundations;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.CentralHub.Settings;

/// <summary>
/// Follows a settings file. A list becomes one text, so that it replaces the whole list of a configuration source with lower
/// priority. A change that makes the file unreadable has no effect.
/// </summary>
internal sealed class SettingsFile : ConfigurationProvider, IRefusedSettings, IDisposable
{
    private const long MaxBytes = 4 << 20;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(0.25);

    private readonly string _path;
    private readonly ITimer _pollTimer;
    private (DateTime Written, long Length) _lastStamp;

    /// <summary>
    /// Creates the provider. <see cref="Load"/> begins to poll the file, because editors and mounted volumes replace files in ways that
    /// raise no file system events.
    /// </summary>
    public SettingsFile(string path, TimeProvider time)
    {
        _path = path;
        _pollTimer = time.CreateTimer(_ => Poll(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string? Refused { get; private set; }

    public long Refusals { get; private set; }

    /// <exception cref="FormatException">The file cannot be read.</exception>
    public override void Load()
    {
        _lastStamp = ReadStamp();
        Data = Read();
        _pollTimer.Change(PollInterval, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _pollTimer.Dispose();

    public override string ToString() => $"settings file {_path}";

    private void Poll()
    {
        var stamp = ReadStamp();
        if (stamp != _lastStamp)
        {
            _lastStamp = stamp;
            Reload();
        }

        _pollTimer.Change(PollInterval, Timeout.InfiniteTimeSpan);
    }

    private void Reload()
    {
        try
        {
            Data = Read();
            Refused = null;
        }
        catch (FormatException exception)
        {
            Refused = exception.Message;
            Refusals++;
        }

        OnReload();
    }

    private (DateTime Written, long Length) ReadStamp()
    {
        var file = new FileInfo(_path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private Dictionary<string, string?> Read()
    {
        try
        {
            if (new FileInfo(_path).Length > MaxBytes)
            {
                throw new FormatException($"The settings file {_path} is larger than {new ByteSize(MaxBytes)}.");
            }

            using var stream = File.OpenRead(_path);
            using var document = JsonDocument.Parse(
                stream, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException($"The settings file {_path} is not a JSON object.");
            }

            AddSettings(document.RootElement, "", settings);
            return settings;
        }
        catch (JsonException exception)
        {
            throw new FormatException(
                $"The settings file {_path} is not JSON, line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: "
                    + $"{exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"The settings file {_path} cannot be read: {exception.Message}", exception);
        }
    }

    private static void AddSettings(JsonElement element, string path, Dictionary<string, string?> settings)
    {
        foreach (var property in element.EnumerateObject())
        {
            var key = path.Length == 0 ? property.Name : ConfigurationPath.Combine(path, property.Name);
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    AddSettings(property.Value, key, settings);
                    break;
                case JsonValueKind.Array:
                    settings[key] = string.Join(',', property.Value.EnumerateArray().Select(entry => entry.ToString()));
                    break;
                case JsonValueKind.Null:
                    settings[key] = null;
                    break;
                default:
                    settings[key] = property.Value.ToString();
                    break;
            }
        }
    }
}
