namespace CloudTicks.AppHost.Local.Running;

/// <summary>Where a service's program is: next to AppHost in a packed release (eng/pack), otherwise its build output.</summary>
internal static class ServicePath
{
    public static string Of(string built) =>
        Path.Combine(AppContext.BaseDirectory, Path.GetFileName(built)) is var packed && File.Exists(packed) ? packed : built;
}
