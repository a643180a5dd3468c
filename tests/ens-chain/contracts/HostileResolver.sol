// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// Answers every call as its mode says, and never as a resolver should.
contract HostileResolver {
    uint256 immutable mode;

    constructor(uint256 mode_) {
        mode = mode_;
    }

    fallback() external {
        if (mode == 0) revert("go away");
        if (mode == 1) while (true) {}
        if (mode == 2) {
            assembly {
                return(0, 1000000) // megabytes of zeros
            }
        }
        if (mode == 3) {
            assembly {
                mstore(0, not(0))
                mstore(32, not(0))
                return(0, 64) // offsets and lengths beyond all bounds
            }
        }
        if (mode == 4) {
            assembly {
                invalid()
            }
        }
        if (mode == 5) {
            assembly {
                revert(0, 1000000)
            }
        }
        if (mode == 6) {
            assembly {
                mstore(0, 1) // says yes to everything, so that resolve(bytes,bytes) gives no bytes
                return(0, 32)
            }
        }
        // Nothing at all: what an account without code gives.
    }
}
