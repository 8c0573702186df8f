using System.Reflection;

namespace CloudTicks.TestServices;

/// <summary>The programs of this repository that fixtures start, as built with the tests.</summary>
internal static class ProgramPaths
{
    /// <summary>The path of CloudTicks.EventHub.dll.</summary>
    public static string EventHub => Read("EventHubProgram");

    private static string Read(string key) =>
        typeof(ProgramPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
