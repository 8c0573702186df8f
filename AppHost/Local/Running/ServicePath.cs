namespace CloudTicks.AppHost.Local.Running;

/// <summary>Where the program of a service is: beside AppHost where all are packed together (eng/pack), else where it was built.</summary>
internal static class ServicePath
{
    public static string Of(string built) =>
        Path.Combine(AppContext.BaseDirectory, Path.GetFileName(built)) is var packed && File.Exists(packed) ? packed : built;
}
