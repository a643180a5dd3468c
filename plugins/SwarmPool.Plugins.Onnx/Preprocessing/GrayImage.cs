namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>Gray values row by row: 0 black, 255 white.</summary>
internal sealed record GrayImage(int Width, int Height, byte[] Pixels);
