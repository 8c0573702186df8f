using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudTicks.Verification.Places;

/// <summary>
/// Which process runs a system, and how far it has come: <c>apphost.json</c> in the data folder of the feed, from the moment in which
/// AppHost holds the folder. A killed one leaves it behind; the folder's lock tells whether it still counts.
/// </summary>
/// <param name="Process">Its number.</param>
/// <param name="ProcessStarted">When the system started that process: a later one may have the same number.</param>
/// <param name="State">How far it has come.</param>
public sealed record AppHostNote(int Process, string ProcessStarted, AppHostState State)
{
    private const string FileName = "apphost.json";

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter<AppHostState>(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The lines of all parts, in the data folder of the feed.</summary>
    public static string LogFile(string folder) => Path.Combine(folder, "apphost.log");

    /// <summary>The lines before those of <see cref="LogFile"/>, which has become too long.</summary>
    public static string OldLogFile(string folder) => LogFile(folder) + ".old";

    /// <summary>The note of a folder; null when there is none that can be read.</summary>
    public static AppHostNote? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<AppHostNote>(File.ReadAllText(Path.Combine(folder, FileName)), Form);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Removes the note: the AppHost has stopped.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be removed.</exception>
    public static void Remove(string folder) => File.Delete(Path.Combine(folder, FileName));

    /// <summary>Writes the note, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(string folder)
    {
        var file = Path.Combine(folder, FileName);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(this, Form));
        File.Move(file + ".new", file, overwrite: true);
    }
}
