namespace Aspire.Hosting;

internal static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() =>
            ((DistributedApplicationBuilder)builder).Add(new ProjectResource(name, new TProject().ProjectPath));

    public static IResourceBuilder<AzureFunctionsProjectResource> AddAzureFunctionsProject<TProject>(
        this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() =>
        ((DistributedApplicationBuilder)builder).Add(new AzureFunctionsProjectResource(name, new TProject().ProjectPath));
}
