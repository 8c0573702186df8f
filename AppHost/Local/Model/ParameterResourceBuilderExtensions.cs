namespace Aspire.Hosting;

internal static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter, which must be a secret here.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret) =>
        secret ? ((DistributedApplicationBuilder)builder).Add(new ParameterResource(name, builder.Configuration))
            : throw new ArgumentException("Only secrets are parameters here; other settings are plain configuration.", nameof(secret));

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name) =>
        ((DistributedApplicationBuilder)builder).Add(new ConnectionStringResource(name, builder.Configuration));
}
