using System.CommandLine;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Client;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.ServiceDocuments;
using CloudTicks.Verification.Places;
using Microsoft.Extensions.Hosting;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Completing;

/// <summary>The services of the addressed system and their documents, from its hub or else from the last good copies on disk.</summary>
internal sealed class KnownDocuments
{
    /// <summary>The environment variable that sets a longer timeout, for a slow connection to the hub.</summary>
    private const string TimeoutVariable = "CLOUDTICKS_COMPLETION_TIME";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMilliseconds(500);

    private readonly string? _dataFolder;
    private readonly Uri? _hub;
    private readonly IReadOnlyDictionary<string, JsonObject> _copies;
    private readonly TimeProvider _time;
    private readonly long _startedAt;

    /// <summary>Finds the hub, and reads the copies on disk, used if the system is ambiguous or its hub does not answer.</summary>
    public KnownDocuments(ParseResult line, TimeProvider time)
    {
        (_time, _startedAt) = (time, time.GetTimestamp());
        _dataFolder = Value(() => line.GetValue(TargetSystem.Data)?.FullName);
        _hub = Value(() => new TargetSystem(_dataFolder, isChange: false, TextWriter.Null)
            .Hub(line.GetValue(HubOptions.Address)).Address);
        _copies = CachedDocuments.Newest(Folders());
    }

    public IEnumerable<string> Services =>
        (Get("api/v1/services")?["services"] as JsonArray)?.Select(service => $"{service?["service"]}")
            ?? KnownServices.Documents.All.Select(document => document.Service).Union(_copies.Keys);

    /// <summary>The document of a service; null if there is none.</summary>
    public JsonObject? Find(string service) =>
        Get($"api/v1/config/{service}") ?? _copies.GetValueOrDefault(service) ?? KnownServices.Documents.Find(service)?.Defaults();

    private JsonObject? Get(string path)
    {
        var remaining = Timeout() - _time.GetElapsedTime(_startedAt);
        if (_hub is null || remaining <= TimeSpan.Zero)
        {
            return null;
        }

        try
        {
            using var timeLimit = new CancellationTokenSource(remaining, _time);
            using var hub = new HubClient(_hub, ServiceKey.OfEnvironment());
            return hub.GetAsync(path, timeLimit.Token).GetAwaiter().GetResult().Body as JsonObject;
        }
        catch (Exception exception) when (exception is HubProblemException or OperationCanceledException or FormatException)
        {
            return null;
        }
    }

    private static TimeSpan Timeout() =>
        TimeSetting.TryParse(Environment.GetEnvironmentVariable(TimeoutVariable) ?? "", out var set) ? set : DefaultTimeout;

    /// <summary>The folders with copies of documents: those of systems in the data folder, and that of a standalone collector.</summary>
    private IEnumerable<string> Folders()
    {
        var systems = RunningSystems.In(_dataFolder ?? SystemSearch.DefaultDataFolder);
        return systems.Running.Select(system => system.Folder).Concat(systems.Silent).Concat(systems.Stopped)
            .SelectMany(folder => Directory.EnumerateDirectories(folder, "central-hub*"))
            .Append(CachedDocuments.DefaultFolder);
    }

    /// <summary>Reads an option's value. An unfinished line may contain an invalid value, which counts as missing.</summary>
    private static T? Value<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
