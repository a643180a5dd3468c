namespace SwarmPool.Plugins.Onnx.Detection;

/// <summary>Where something is: edges in pixels, what it is, and how sure that is.</summary>
internal readonly record struct Box(double Left, double Top, double Right, double Bottom, int Class, float Score)
{
    public double Area => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);

    /// <summary>The part that two have in common, of what they cover together: 0 to 1.</summary>
    public double Overlap(Box other)
    {
        var common = Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left)) * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));
        var all = Area + other.Area - common;
        return all > 0 ? common / all : 0;
    }
}
