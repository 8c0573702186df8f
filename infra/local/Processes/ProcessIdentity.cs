using System.Diagnostics;
using System.Globalization;

namespace CloudTicks.LocalServices.Processes;

/// <summary>A process that is not a child of this one. The id alone does not identify it: a later process may have the same one.</summary>
/// <param name="Id">Its process id.</param>
/// <param name="Started">Its start time, in the system's format.</param>
public sealed record ProcessIdentity(int Id, string Started)
{
    /// <summary>proc(5): id, name in parentheses (which may contain any character), state (field 3), ..., start (field 22).</summary>
    private const int FieldsFromStateToStart = 19;

    /// <summary>The identity of this process.</summary>
    public static ProcessIdentity Own { get; } = new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? "");

    /// <summary>Whether this process still runs; false for another process with the same id.</summary>
    public bool Runs => Started.Length > 0 && StartOf(Id) == Started;

    /// <summary>Sends SIGTERM.</summary>
    /// <returns>False when it does not run, belongs to another user, or the system has no such signal.</returns>
    public bool Terminate() => !OperatingSystem.IsWindows() && Runs && LibC.Kill(Id, LibC.SigTerm) == 0;

    /// <summary>The start time of a process, in the system's format; null when it does not run.</summary>
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
