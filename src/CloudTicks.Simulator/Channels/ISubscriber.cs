using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Simulator.Faults;

namespace CloudTicks.Simulator.Channels;

/// <summary>Receives the ticks of the channels that it has subscribed to; a session of a client is one.</summary>
internal interface ISubscriber
{
    /// <summary>What faults of its connection are aimed at.</summary>
    public FaultTarget Target { get; }

    /// <summary>The events that are not sent yet; the sender's alone.</summary>
    public FrameBuffer Frame { get; }

    /// <summary>Whether the last frame was handed to the socket; the sender's alone.</summary>
    public bool LastFrameSent { get; }

    /// <summary>Sends the frame, and whatever statuses wait to go with it.</summary>
    public ValueTask SendFrameAsync(CancellationToken cancellationToken);
}
