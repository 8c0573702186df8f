using System.Globalization;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>The memory of a hub's process.</summary>
internal static class HubMemory
{
    /// <summary>The most that it ever held; 0 where the system does not tell.</summary>
    public static long MostMegabytes(EventHubProcess hub)
    {
        foreach (var process in OperatingSystem.IsLinux() ? Directory.GetDirectories("/proc").Where(p => char.IsAsciiDigit(p[^1])) : [])
        {
            try
            {
                if (File.ReadAllText(Path.Combine(process, "cmdline")).Contains(hub.DataFolder, StringComparison.Ordinal))
                {
                    var line = File.ReadLines(Path.Combine(process, "status"))
                        .Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
                    return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another process, gone in this moment.
            }
        }

        return 0;
    }
}
