using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudTicks.Verification.Places;

/// <summary>
/// The process that runs a system, and AppHost's state: <c>apphost.json</c> in the data folder of the feed, written as soon as AppHost
/// has locked the folder. A killed AppHost leaves the note behind; the folder's lock shows whether the note is current.
/// </summary>
/// <param name="Process">The process id.</param>
/// <param name="ProcessStarted">The process's start time: a later process may have the same id.</param>
/// <param name="State">The state of AppHost.</param>
public sealed record AppHostNote(int Process, string ProcessStarted, AppHostState State)
{
    private const string FileName = "apphost.json";

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter<AppHostState>(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The log of all parts, in the data folder of the feed.</summary>
    public static string LogFile(string folder) => Path.Combine(folder, "apphost.log");

    /// <summary>The older log, from before <see cref="LogFile"/> was rotated.</summary>
    public static string OldLogFile(string folder) => LogFile(folder) + ".old";

    /// <summary>Reads the note of a folder; null if it is missing or cannot be read.</summary>
    public static AppHostNote? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<AppHostNote>(File.ReadAllText(Path.Combine(folder, FileName)), JsonOptions);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Removes the note when AppHost has stopped.</summary>
    /// <exception cref="IOException">The note cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not remove the note.</exception>
    public static void Remove(string folder) => File.Delete(Path.Combine(folder, FileName));

    /// <summary>Writes the note atomically.</summary>
    /// <exception cref="IOException">The note cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write the note.</exception>
    public void Write(string folder)
    {
        var file = Path.Combine(folder, FileName);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(this, JsonOptions));
        File.Move(file + ".new", file, overwrite: true);
    }
}
