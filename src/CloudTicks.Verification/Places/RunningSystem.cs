using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudTicks.Verification.Places;

/// <summary>
/// The addresses of a system's parts on this machine. Its running AppHost writes them to a note in its data folder, <c>services.json</c>.
/// The note holds no secret: the database's password is in a file that only its owner can read, and external servers are omitted.
/// </summary>
public sealed record RunningSystem
{
    /// <summary>The file name of the note.</summary>
    public const string FileName = "services.json";

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary><c>simulated</c> or <c>polygon</c>.</summary>
    public required string Feed { get; init; }

    /// <summary>The addresses of the collectors, at least one.</summary>
    public required IReadOnlyList<Uri> Collectors { get; init; }

    /// <summary>The address of the functions, which host the central hub.</summary>
    public required Uri Hub { get; init; }

    /// <summary>Whether the services follow the central hub; false in a replay.</summary>
    public bool FollowsHub { get; init; } = true;

    /// <summary>The address of the simulator; null on the real feed.</summary>
    public Uri? Simulator { get; init; }

    /// <summary>The address of the event hub, <c>host:port</c>; null for an external server.</summary>
    public string? EventHub { get; init; }

    /// <summary>The address of NATS; null for external servers.</summary>
    public string? Nats { get; init; }

    /// <summary>The monitors of the NATS nodes; empty for external ones, and in a note of an older AppHost.</summary>
    public IReadOnlyList<Uri> NatsMonitors { get; init; } = [];

    /// <summary>The address of the database; null for an external server.</summary>
    public DatabaseAddress? Database { get; init; }

    /// <summary>When the note was written, after every part that the feed needs had started; null in a note of an older AppHost.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>All addresses of the functions, including <see cref="Hub"/>; empty in a note of an older AppHost.</summary>
    public IReadOnlyList<Uri> HubAddresses { get; init; } = [];

    /// <summary>The address of the dashboard; null until it has started, and in a note of an older AppHost.</summary>
    public Uri? Dashboard { get; init; }

    /// <summary>The address of the relay; null until it has started, and in a note of an older AppHost.</summary>
    public Uri? Relay { get; init; }

    /// <summary>The data folder of the feed, which contains the note.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";

    /// <summary>Writes the note, and adds the folder to the user's known folders.</summary>
    /// <exception cref="IOException">The note cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write the note.</exception>
    public void Write(string folder)
    {
        var file = Path.Combine(folder, FileName);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(this, JsonOptions));
        File.Move(file + ".new", file, overwrite: true);
        KnownFolders.Add(folder);
    }

    /// <summary>Removes the note, and the folder from the user's known folders.</summary>
    public static void Remove(string folder)
    {
        File.Delete(Path.Combine(folder, FileName));
        KnownFolders.Remove(folder);
    }

    /// <summary>Whether an address is that of this system's functions.</summary>
    public bool IsHub(Uri server) => HubAddresses.Append(Hub).Any(address => IsSame(address, server));

    /// <summary>Whether an address is that of an HTTP service of this system.</summary>
    public bool Has(Uri server) =>
        IsHub(server) || Collectors.Append(Simulator).Append(Dashboard).Append(Relay).OfType<Uri>().Any(address => IsSame(address, server));

    /// <summary>Reads the note of a folder.</summary>
    /// <returns>The system; null if the note is missing or not usable.</returns>
    internal static RunningSystem? Read(string folder)
    {
        try
        {
            var file = Path.Combine(folder, FileName);
            var note = File.Exists(file) ? JsonSerializer.Deserialize<RunningSystem>(File.ReadAllText(file), JsonOptions) : null;
            return note?.IsOnThisMachine == true
                ? note with { Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) }
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or UriFormatException)
        {
            // The file cannot be read, is not AppHost's note, or is from another version.
            return null;
        }
    }

    /// <summary>Whether all addresses are local, as AppHost's are: keys and passwords must not be sent elsewhere.</summary>
    private bool IsOnThisMachine =>
        HubAddresses.Concat(Collectors).Concat(NatsMonitors).Append(Hub).Append(Simulator).Append(Dashboard).Append(Relay).OfType<Uri>()
            .All(address => address.IsLoopback)
        && Servers(EventHub).Concat(Servers(Nats)).Append(Database?.Host ?? "localhost").All(IsLoopback);

    private static string[] Servers(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsLoopback(string server) =>
        new Uri(server.Contains("://", StringComparison.Ordinal) ? server : $"tcp://{server}").IsLoopback;

    private static bool IsSame(Uri one, Uri other) => one.Port == other.Port && one.IsLoopback && other.IsLoopback;
}
