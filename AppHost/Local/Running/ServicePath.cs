namespace CloudTicks.AppHost.Local.Running;

/// <summary>Finds a service's program: next to AppHost in a packed release (eng/pack), otherwise in the service's build output.</summary>
internal static class ServicePath
{
    public static string Of(string builtProgram) =>
        Path.Combine(AppContext.BaseDirectory, Path.GetFileName(builtProgram)) is var packed && File.Exists(packed) ? packed : builtProgram;
}
