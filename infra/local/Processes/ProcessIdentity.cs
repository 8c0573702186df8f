using System.Diagnostics;
using System.Globalization;

namespace CloudTicks.LocalServices.Processes;

/// <summary>A process that is not this one's child. Its number alone does not identify it: a later process may have the same.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Started">When it was started, as the system counts it.</param>
public sealed record ProcessIdentity(int Id, string Started)
{
    /// <summary>proc(5): number, name in parentheses (which may hold anything), state (field 3), ..., start (field 22).</summary>
    private const int FieldsFromStateToStart = 19;

    /// <summary>Of this process.</summary>
    public static ProcessIdentity Own { get; } = new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? "");

    /// <summary>Whether it runs; false for another process of the same number.</summary>
    public bool Runs => Started.Length > 0 && StartOf(Id) == Started;

    /// <summary>Asks it to end (SIGTERM).</summary>
    /// <returns>False when it does not run, belongs to another user, or the system has no such signal.</returns>
    public bool Terminate() => !OperatingSystem.IsWindows() && Runs && LibC.Kill(Id, LibC.SigTerm) == 0;

    /// <summary>When a process was started, as the system counts it; null when it does not run.</summary>
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
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
