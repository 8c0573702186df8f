using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudTicks.Verification.Places;

/// <summary>
/// Where the parts of a system on this machine are, as its AppHost notes it in its data folder while it runs: <c>services.json</c>. It
/// holds no secret: the password of the database is in a file that only its owner can read, and servers of one's own are left out.
/// </summary>
public sealed record RunningSystem
{
    /// <summary>The note's name.</summary>
    public const string FileName = "services.json";

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary><c>simulated</c> or <c>polygon</c>.</summary>
    public required string Feed { get; init; }

    /// <summary>The collectors; one or more.</summary>
    public required IReadOnlyList<Uri> Collectors { get; init; }

    /// <summary>The functions, which are the central hub.</summary>
    public required Uri Hub { get; init; }

    /// <summary>Whether they follow the hub; false in a replay.</summary>
    public bool FollowsHub { get; init; } = true;

    /// <summary>The simulator; null on the real feed.</summary>
    public Uri? Simulator { get; init; }

    /// <summary>The event hub, <c>host:port</c>; null when it is one's own.</summary>
    public string? EventHub { get; init; }

    /// <summary>NATS; null when it is one's own.</summary>
    public string? Nats { get; init; }

    /// <summary>The monitors of its nodes; empty when it is one's own, and in a note of an older AppHost.</summary>
    public IReadOnlyList<Uri> NatsMonitors { get; init; } = [];

    /// <summary>The database; null when it is one's own.</summary>
    public DatabasePlace? Database { get; init; }

    /// <summary>When everything ran; null in a note of an older AppHost.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>All addresses of the functions, <see cref="Hub"/> among them; empty in a note of an older AppHost.</summary>
    public IReadOnlyList<Uri> HubAddresses { get; init; } = [];

    /// <summary>The page; null while it starts beside the feed, and in a note of an older AppHost.</summary>
    public Uri? Dashboard { get; init; }

    /// <summary>The relay; null while it starts beside the feed, and in a note of an older AppHost.</summary>
    public Uri? Relay { get; init; }

    /// <summary>The data folder of the feed, in which the note is.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";

    /// <summary>Writes the note.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(string folder)
    {
        var file = Path.Combine(folder, FileName);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(this, Form));
        File.Move(file + ".new", file, overwrite: true);
        KnownFolders.Add(folder);
    }

    /// <summary>Removes the note.</summary>
    public static void Remove(string folder)
    {
        File.Delete(Path.Combine(folder, FileName));
        KnownFolders.Remove(folder);
    }

    /// <summary>Whether a server is the functions of this system.</summary>
    public bool IsHub(Uri server) => HubAddresses.Append(Hub).Any(address => IsSame(address, server));

    /// <summary>Whether a server is a service of this system.</summary>
    public bool Has(Uri server) =>
        IsHub(server) || Collectors.Append(Simulator).Append(Dashboard).Append(Relay).OfType<Uri>().Any(address => IsSame(address, server));

    /// <summary>Reads the note of a folder.</summary>
    /// <returns>Null when there is none that can be used.</returns>
    internal static RunningSystem? Read(string folder)
    {
        try
        {
            var file = Path.Combine(folder, FileName);
            var note = File.Exists(file) ? JsonSerializer.Deserialize<RunningSystem>(File.ReadAllText(file), Form) : null;
            return note?.IsOnThisMachine == true
                ? note with { Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) }
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or UriFormatException)
        {
            // Not written by AppHost, or by another version.
            return null;
        }
    }

    /// <summary>Whether the address is this machine's, as all of AppHost's are; keys and passwords go nowhere else.</summary>
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
