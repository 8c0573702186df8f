using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>A function that an event hub triggers.</summary>
/// <param name="Retry">How a failed call is retried; null for the host's default.</param>
internal sealed record EventHubFunction(string Name, MethodInfo Method, EventHubTriggerAttribute Trigger, RetryAttribute? Retry);
