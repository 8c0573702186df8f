using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

internal sealed record TimerFunction(string Name, MethodInfo Method, TimerTriggerAttribute Trigger);
