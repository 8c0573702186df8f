using System.Diagnostics;
using System.Globalization;

namespace CloudTicks.LocalServices.Processes;

/// <summary>Identifies a process by its id and its start time: a later process may have the same id.</summary>
/// <param name="Id">Its process id.</param>
/// <param name="Started">Its start time, in the system's format.</param>
public sealed record ProcessIdentity(int Id, string Started)
{
    /// <summary>The distance from field 3 (state) to field 22 (start time) of /proc/PID/stat, see proc(5).</summary>
    private const int FieldsFromStateToStart = 19;

    /// <summary>The identity of this process.</summary>
    public static ProcessIdentity Own { get; } = new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? "");

    /// <summary>Whether the identified process is still running; false for another process with the same id.</summary>
    public bool Runs => Started.Length > 0 && StartOf(Id) == Started;

    /// <summary>Sends SIGTERM.</summary>
    /// <returns>False when the process is not running or belongs to another user, or the system has no such signal.</returns>
    public bool Terminate() => !OperatingSystem.IsWindows() && Runs && LibC.Kill(Id, LibC.SigTerm) == 0;

    /// <summary>The start time of a process, in the system's format; null when it is not running.</summary>
    public static string? StartOf(int process)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                using var found = Process.GetProcessById(process);
                return found.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
            }

            var status = File.ReadAllText($"/proc/{process}/stat");
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[FieldsFromStateToStart];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
