using System.Reflection;

namespace CloudTicks.TestServices;

/// <summary>The programs of this repository that fixtures start, where this build put them.</summary>
internal static class ProgramPaths
{
    /// <summary>CloudTicks.EventHub.dll.</summary>
    public static string EventHub => Read("EventHubProgram");

    private static string Read(string key) =>
        typeof(ProgramPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
