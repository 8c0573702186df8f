namespace Aspire.Hosting;

internal static class AzureEventHubsExtensions
{
    public static IResourceBuilder<AzureEventHubsResource> AddAzureEventHubs(this IDistributedApplicationBuilder builder, string name) =>
        ((DistributedApplicationBuilder)builder).Add(new AzureEventHubsResource(name));

    /// <summary>Selects Azure's emulator under Aspire; does nothing here, as there is only the local event hub.</summary>
    public static IResourceBuilder<AzureEventHubsResource> RunAsEmulator(this IResourceBuilder<AzureEventHubsResource> builder) => builder;

    public static IResourceBuilder<AzureEventHubResource> AddHub(
        this IResourceBuilder<AzureEventHubsResource> builder, string name, string hubName) =>
        ((DistributedApplicationBuilder)builder.ApplicationBuilder).Add(
            hubName.Length > 0
                ? new AzureEventHubResource(name, hubName, builder.Resource)
                : throw new ArgumentException("An event hub needs a name.", nameof(hubName)));

    public static IResourceBuilder<AzureEventHubResource> WithProperties(
        this IResourceBuilder<AzureEventHubResource> builder, Action<AzureEventHubResource> configure)
    {
        configure(builder.Resource);
        return builder;
    }

    public static IResourceBuilder<AzureEventHubConsumerGroupResource> AddConsumerGroup(
        this IResourceBuilder<AzureEventHubResource> builder, string name, string groupName) =>
        ((DistributedApplicationBuilder)builder.ApplicationBuilder).Add(
            groupName.Length > 0 ? new AzureEventHubConsumerGroupResource(name, groupName, builder.Resource)
                : throw new ArgumentException("A consumer group needs a name.", nameof(groupName)));
}
